#include "shared/config/load.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/suggest.h"
#include "shared/config/options.h"
#include "shared/config/target.h"
#include "shared/config/yaml_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace logctl::config {
namespace {

using Kind = Origin::Kind;

// Variables below LOGCTL_ that are no options. LOGCTL_TEST_* is left to test scripts.
constexpr std::array<std::string_view, 5> kOtherVariables = {
    "LOGCTL_CONFIG", "LOGCTL_API_KEY", "LOGCTL_API_KEY_FILE", "LOGCTL_TOKEN", "LOGCTL_TOKEN_FILE"};
constexpr std::string_view kTestPrefix = "LOGCTL_TEST_";
constexpr std::string_view kFileSuffix = "_FILE";

std::string guess(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const std::string_view near = nearest_name(name, views);
  return near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near);
}

std::vector<std::string> all_keys() {
  std::vector<std::string> keys;
  for (const Option& option : options()) keys.emplace_back(option.key);
  return keys;
}

std::vector<std::string> all_sections() {
  std::vector<std::string> sections;
  for (const Option& option : options()) {
    if (sections.empty() || sections.back() != option.section()) {
      sections.emplace_back(option.section());
    }
  }
  return sections;
}

// The same option in another section is the likelier mistake than a similar one in this.
std::string guess_key(std::string_view key) {
  const std::string_view name = key.substr(key.find('.') + 1);  // all of it without a dot
  std::vector<std::string> same_name;
  for (const Option& option : options()) {
    if (option.name() == name) same_name.emplace_back(option.key);
  }
  if (!same_name.empty())
    return fmt::format("; did you mean '{}'?", fmt::join(same_name, "' or '"));
  return guess(key, all_keys());
}

std::string found_text(const Option& option, const Items& items) {
  if (option.secret()) return "found a secret text";
  if (items.size() != 1) return fmt::format("found a list of {} values", items.size());
  constexpr std::size_t kShown = 80;
  const std::string& text = items.front();
  if (text.size() <= kShown) return fmt::format("found '{}'", text);
  return fmt::format("found '{}...'", text.substr(0, kShown));
}

bool holds_secret(const Option& option, const std::string& value) {
  return (option.secrecy == Secrecy::whole && !value.empty()) ||
         (option.secrecy == Secrecy::inside && without_password(value) != value);
}

std::string without_end_of_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.pop_back();
  }
  return text;
}

// One value on its way to an option.
struct Given {
  Items items;
  Origin origin;
  std::string allowed;
};

class Loader {
 public:
  explicit Loader(const Sources& sources) : sources_(sources) {
    loaded_.origins.resize(options().size());
  }

  Loaded run() {
    read_file_layer();
    read_environment();
    check_variable_names();
    read_flags();
    settle();
    report();
    loaded_.config = std::make_shared<const Config>(std::move(config_));
    return std::move(loaded_);
  }

 private:
  void problem(std::string text) { problems_.push_back(std::move(text)); }

  bool apply(std::size_t index, const Given& given) {
    const Option& option = options()[index];
    if (!option.binding.set(config_, given.items)) {
      problem(fmt::format("{}: {}: {}, allowed is {}", given.origin.where, option.key,
                          found_text(option, given.items), given.allowed));
      return false;
    }
    loaded_.origins[index] = given.origin;
    return true;
  }

  void read_file_layer() {
    for (const Candidate& candidate : candidates(sources_)) {
      std::error_code ignored;
      if (!std::filesystem::exists(candidate.path, ignored)) {
        if (candidate.required) {
          throw Error(ErrorCode::config,
                      fmt::format("configuration file '{}', named by {}, does not exist",
                                  candidate.path.string(), candidate.why),
                      "`logctl config example` prints one to start from");
        }
        continue;
      }
      loaded_.file = candidate.path.lexically_normal();
      break;
    }
    if (loaded_.file.empty()) return;
    std::string text;
    try {
      text = read_file(loaded_.file);
    } catch (const Error& error) {
      throw Error(ErrorCode::config, error.within("configuration").message(), error.hint());
    }
    try {
      read_entries(read_yaml(text, loaded_.file.string()));
    } catch (const Error& error) {
      problem(error.message());  // the other sources are still worth checking
    }
  }

  void read_entries(const std::vector<YamlEntry>& entries) {
    const std::vector<std::string> sections = all_sections();
    std::map<std::string, int> lines;
    for (const YamlEntry& entry : entries) {
      const std::string where = fmt::format("{}:{}", loaded_.file.string(), entry.line);
      const auto say = [&](std::string_view text) {
        problem(fmt::format("{}: {}: {}", where, entry.key, text));
      };
      const std::string section = entry.key.substr(0, entry.key.find('.'));
      const bool known_section =
          std::find(sections.begin(), sections.end(), section) != sections.end();
      if (!lines.emplace(entry.key, entry.line).second) {
        say(fmt::format("given twice, first in line {}", lines[entry.key]));
        continue;
      }
      if (entry.key == section) {
        if (!known_section) {
          say("unknown section" + guess(section, sections));
        } else if (entry.shape == YamlEntry::Shape::scalar ||
                   entry.shape == YamlEntry::Shape::list) {
          say("found a value, allowed is a section with options below it");
        }
        continue;
      }
      if (known_section || entry.key.find('.') == std::string::npos) {
        read_entry(entry, where, say);
      } else if (std::none_of(entries.begin(), entries.end(),
                              [&](const YamlEntry& other) { return other.key == section; })) {
        say("unknown key" + guess_key(entry.key));
      }
    }
  }

  void read_entry(const YamlEntry& entry, const std::string& where, const auto& say) {
    const Option* option = find_option(entry.key);
    if (option == nullptr) {
      say("unknown key" + guess_key(entry.key));
      return;
    }
    const bool list = option->binding.type == Type::list;
    Given given{entry.items, {Kind::file, where}, option->binding.allowed};
    switch (entry.shape) {
      case YamlEntry::Shape::section:
        say(fmt::format("found a section, allowed is {}", option->binding.allowed));
        return;
      case YamlEntry::Shape::nothing:
        if (!list) {
          say(fmt::format("found no value, allowed is {}", option->binding.allowed));
          return;
        }
        break;
      case YamlEntry::Shape::list:
        if (!list || entry.nested) {
          say(fmt::format("found a list{}, allowed is {}",
                          entry.nested ? " that holds more than plain values" : "",
                          option->binding.allowed));
          return;
        }
        break;
      case YamlEntry::Shape::scalar:
        if (list) given.items = split_list(entry.items.front());
        break;
    }
    apply(index_of(*option), given);
  }

  static std::size_t index_of(const Option& option) {
    return static_cast<std::size_t>(&option - options().data());
  }

  // What one variable, secret file or credential says about an option, in our unit.
  void offer(const Option& option, std::vector<Given>& found, const std::string& text,
             const std::string& where, Unit unit) {
    const std::string allowed = allowed_text(option, unit);
    const std::optional<std::string> value = convert(unit, text);
    Config trial;
    Given given{{}, {Kind::environment, where}, allowed};
    if (value) given.items = option.binding.type == Type::list ? split_list(*value) : Items{*value};
    if (!value || !option.binding.set(trial, given.items)) {
      problem(fmt::format("{}: {}: {}, allowed is {}", where, option.key,
                          found_text(option, {text}), allowed));
      return;
    }
    found.push_back(std::move(given));
  }

  void offer_file(const Option& option, std::vector<Given>& found,
                  const std::filesystem::path& path, const std::string& where, Unit unit) {
    try {
      offer(option, found, without_end_of_line(read_file(path)), where, unit);
    } catch (const Error& error) {
      problem(fmt::format("{}: {}: {}", where, option.key, error.message()));
    }
  }

  const std::string* variable(std::string_view name) const {
    const auto found = sources_.environment.find(name);
    return found == sources_.environment.end() ? nullptr : &found->second;
  }

  void read_environment() {
    for (const Option& option : options()) {
      std::vector<Given> found;
      const std::string own = variable_name(option);
      std::vector<Alias> names = {{own}};
      names.insert(names.end(), option.aliases.begin(), option.aliases.end());
      for (const Alias& alias : names) {
        // An empty foreign variable means "not set", as `NAME=` in the seeds' .env files does.
        if (const std::string* text = variable(alias.name);
            text != nullptr && (!text->empty() || alias.name == own)) {
          offer(option, found, *text, std::string(alias.name), alias.unit);
        }
        const std::string file_variable = std::string(alias.name).append(kFileSuffix);
        if (const std::string* path = variable(file_variable);
            option.secret() && path != nullptr && !path->empty()) {
          offer_file(option, found, *path, file_variable, alias.unit);
        }
      }
      if (const std::string* directory = variable("CREDENTIALS_DIRECTORY");
          option.secret() && directory != nullptr) {
        const auto path = std::filesystem::path(*directory) / option.key;
        std::error_code ignored;
        if (std::filesystem::exists(path, ignored)) {
          offer_file(option, found, path, fmt::format("credential {}", option.key), Unit::same);
        }
      }
      choose(option, found);
    }
  }

  // All that speak about one option must agree, whatever the unit they count in.
  void choose(const Option& option, const std::vector<Given>& found) {
    if (found.empty()) return;
    const auto value_of = [&](const Given& given) {
      Config trial;
      option.binding.set(trial, given.items);
      return option.binding.get(trial);
    };
    for (const Given& other : found) {
      if (value_of(other) == value_of(found.front())) continue;
      const auto quoted = [&](const Given& given) {
        return option.secret() ? std::string() : fmt::format(" ('{}')", join_list(value_of(given)));
      };
      problem(fmt::format("{}: {}{} and {}{} disagree, allowed is one of them", option.key,
                          found.front().origin.where, quoted(found.front()), other.origin.where,
                          quoted(other)));
      return;
    }
    apply(index_of(option), found.front());
  }

  void check_variable_names() {
    std::vector<std::string> known(kOtherVariables.begin(), kOtherVariables.end());
    for (const Option& option : options()) {
      known.push_back(variable_name(option));
      if (option.secret()) known.push_back(variable_name(option).append(kFileSuffix));
    }
    for (const auto& [name, text] : sources_.environment) {
      if (!name.starts_with("LOGCTL_") || name.starts_with(kTestPrefix)) continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        problem(fmt::format("{}: unknown variable{}", name, guess(name, known)));
      }
    }
  }

  void read_flags() {
    for (const std::string& text : sources_.set) {
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) {
        problem(fmt::format("--set: found '{}', allowed is KEY=VALUE", text));
        continue;
      }
      const std::string key = text.substr(0, equals);
      const Option* option = find_option(key);
      if (option == nullptr) {
        problem(fmt::format("--set: {}: unknown key{}", key.empty() ? "''" : key,
                            key.empty() ? "" : guess_key(key)));
        continue;
      }
      const std::string value = text.substr(equals + 1);
      // Every user of the machine sees the arguments of every process.
      if (holds_secret(*option, value)) {
        problem(
            fmt::format("--set: {}: a secret is not taken from the command line, allowed are "
                        "the file, {} and {}{}",
                        key, variable_name(*option), variable_name(*option), kFileSuffix));
        continue;
      }
      const Items items = option->binding.type == Type::list ? split_list(value) : Items{value};
      apply(index_of(*option), {items, {Kind::flag, "--set"}, option->binding.allowed});
    }
  }

  // What depends on more than one option or on the place.
  void settle() {
    if (config_.storage.data_dir.empty()) {
      config_.storage.data_dir = default_data_dir(sources_.environment, sources_.root);
    }
    try {
      store_target(config_);
    } catch (const Error& error) {
      const Origin& origin = loaded_.origins[index_of(*find_option("database.url"))];
      problem(fmt::format("{}: {}", origin.where, error.message()));
    }
  }

  void report() const {
    if (problems_.empty()) return;
    const std::string hint = "`logctl config example` shows every option with its default";
    if (problems_.size() == 1) throw Error(ErrorCode::config, problems_.front(), hint);
    throw Error(ErrorCode::config,
                fmt::format("{} problems in the configuration\n  {}", problems_.size(),
                            fmt::join(problems_, "\n  ")),
                hint);
  }

  const Sources& sources_;
  Config config_;
  Loaded loaded_;
  std::vector<std::string> problems_;
};

}  // namespace

Loaded load(const Sources& sources) { return Loader(sources).run(); }

}  // namespace logctl::config
