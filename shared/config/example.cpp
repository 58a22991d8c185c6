#include "shared/config/example.h"

#include "shared/base/json_writer.h"
#include "shared/config/options.h"

#include <fmt/format.h>

namespace logctl::config {
namespace {

constexpr std::size_t kWidth = 100;

// `text` as comment lines, broken between words.
void append_comment(std::string& out, std::string_view text) {
  constexpr std::string_view kStart = "  # ";
  std::string line(kStart);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (line.size() > kStart.size() && line.size() + 1 + end > kWidth) {
      out += line + "\n";
      line = kStart;
    }
    if (line.size() > kStart.size()) line.push_back(' ');
    line += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += line + "\n";
}

// JSON strings are YAML strings too.
std::string yaml_scalar(Type type, const std::string& text) {
  switch (type) {
    case Type::boolean:
    case Type::integer:
    case Type::number:
    case Type::size:
    case Type::duration:
      return text;
    case Type::choice:
      if (!text.empty()) return text;
      break;
    case Type::text:
    case Type::path:
    case Type::list:
      break;
  }
  return json_string(text);
}

std::string yaml_value(Type type, const Items& items) {
  if (type != Type::list) return yaml_scalar(type, items.front());
  std::vector<std::string> quoted;
  for (const std::string& item : items) quoted.push_back(yaml_scalar(type, item));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

}  // namespace

std::string example_yaml() {
  std::string out =
      "# Every option of logctl with its default. Remove the `#` in front of what you want to "
      "change,\n"
      "# and of the section above it. `logctl config check` tells whether the file is right,\n"
      "# `logctl config show` what is in force and where it comes from.\n"
      "#\n"
      "# Sizes are written like 64KiB or 10MB, durations like 250ms, 5s or 1h30m. The environment "
      "goes\n"
      "# before the file: LOGCTL_SERVER_PORT is server.port, and so on.\n";
  const Config defaults;
  std::string_view section;
  for (const Option& option : options()) {
    if (option.section() != section) {
      section = option.section();
      out += fmt::format("\n#{}:\n", section);
    } else {
      out += "\n";
    }
    append_comment(out, fmt::format("{} ({})", option.help, option.binding.allowed));
    out += fmt::format("  #{}: {}\n", option.name(),
                       yaml_value(option.binding.type, option.binding.get(defaults)));
  }
  return out;
}

}  // namespace logctl::config
