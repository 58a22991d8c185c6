#include "shared/config/yaml_source.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace logctl::config {
namespace {

using Shape = YamlEntry::Shape;

YamlEntry make_entry(std::string key, const YAML::Node& name, const YAML::Node& value) {
  YamlEntry entry;
  const auto add = [&entry](const YAML::Node& item) {
    entry.items.push_back(item.Scalar());
    entry.item_lines.push_back(item.Mark().line + 1);
  };
  entry.key = std::move(key);
  entry.line = name.Mark().line + 1;
  if (value.IsScalar()) {
    entry.shape = Shape::scalar;
    add(value);
  } else if (value.IsSequence()) {
    entry.shape = Shape::list;
    for (const YAML::Node& item : value) {
      if (item.IsScalar()) {
        add(item);
      } else {
        entry.nested = true;
      }
    }
  } else if (value.IsMap()) {
    entry.shape = Shape::section;
  }
  return entry;
}

std::string key_text(const YAML::Node& name) { return name.IsScalar() ? name.Scalar() : "?"; }

}  // namespace

std::vector<YamlEntry> read_yaml(const std::string& text, const std::string& name) {
  try {
    std::vector<YamlEntry> entries;
    std::vector<YAML::Node> documents = YAML::LoadAll(text);
    // One that holds nothing changes nothing, such as behind a last `---`.
    std::erase_if(documents, [](const YAML::Node& document) { return document.IsNull(); });
    if (documents.empty()) return entries;
    if (documents.size() > 1) {
      throw YamlError(name, documents[1].Mark().line + 1,
                      "found a second document, allowed is one: nothing behind a line `---`");
    }
    const YAML::Node& root = documents.front();
    if (!root.IsMap()) {
      throw YamlError(name, root.Mark().line + 1,
                      "found no mapping, expected sections like `server:`");
    }
    for (const auto& section : root) {
      const std::string key = key_text(section.first);
      entries.push_back(make_entry(key, section.first, section.second));
      if (!section.second.IsMap()) continue;
      for (const auto& option : section.second) {
        entries.push_back(
            make_entry(key + "." + key_text(option.first), option.first, option.second));
      }
    }
    return entries;
  } catch (const YAML::Exception& error) {
    throw YamlError(name, error.mark.line + 1, fmt::format("not valid YAML: {}", error.msg));
  }
}

}  // namespace logctl::config
