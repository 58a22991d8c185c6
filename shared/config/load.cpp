#include "shared/config/load.h"

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
  if (option.secret()) return "a secret text";
  // Of a list the first that is wrong.
  const auto wrong = std::ranges::find_if(items, [&](const std::string& item) {
    Config trial;
    return items.size() == 1 || !option.binding.set(trial, {item});
  });
  if (wrong == items.end()) return fmt::format("a list of {} values", items.size());
  constexpr std::size_t kShown = 80;
  if (wrong->size() <= kShown) return fmt::format("'{}'", *wrong);
  return fmt::format("'{}...'", wrong->substr(0, kShown));
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

constexpr std::string_view kHint = "`logctl config example` shows every option with its default";

std::string summary(const std::vector<Problem>& problems) {
  if (problems.size() == 1) return problems.front().text();
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back(problem.text());
  return fmt::format("{} problems in the configuration\n  {}", problems.size(),
                     fmt::join(lines, "\n  "));
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
    check_together();
    if (!problems_.empty()) throw Invalid(std::move(problems_));
    loaded_.config = std::make_shared<const Config>(std::move(config_));
    return std::move(loaded_);
  }

 private:
  void problem(Origin origin, std::string_view key, std::string message) {
    problems_.push_back({std::move(origin), std::string(key), std::move(message), {}, {}, {}});
  }
  void unknown_key(Origin origin, std::string_view key) {
    problem(std::move(origin), key, "unknown key" + guess_key(key));
    problems_.back().found = key;
    problems_.back().allowed = "a key of logctl-config(5)";
  }
  void not_allowed(Origin origin, std::string_view key, std::string found, std::string allowed) {
    std::string message = fmt::format("found {}, allowed is {}", found, allowed);
    problems_.push_back({std::move(origin),
                         std::string(key),
                         std::move(message),
                         std::move(found),
                         std::move(allowed),
                         {}});
  }
  static Origin from_variable(std::string_view name) {
    return {Kind::environment, std::string(name), 0};
  }
  Origin from_line(int line) const {
    return {Kind::file, fmt::format("{}:{}", loaded_.file.string(), line), line};
  }

  void apply(const Option& option, const Given& given) {
    if (!option.binding.set(config_, given.items)) {
      not_allowed(given.origin, option.key, found_text(option, given.items), given.allowed);
      return;
    }
    origin_of(option) = given.origin;
  }
  Origin& origin_of(const Option& option) {
    return loaded_.origins[static_cast<std::size_t>(&option - options().data())];
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
    } catch (const YamlError& error) {
      // The other sources are still worth checking.
      problem(from_line(error.line()), {}, error.problem());
    }
  }

  void read_entries(const std::vector<YamlEntry>& entries) {
    const std::vector<std::string> sections = all_sections();
    std::map<std::string, int> lines;
    for (const YamlEntry& entry : entries) {
      const auto say = [&](std::string text) {
        problem(from_line(entry.line), entry.key, std::move(text));
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
          not_allowed(from_line(entry.line), entry.key, "a value",
                      "a section with options below it");
        }
        continue;
      }
      if (known_section || entry.key.find('.') == std::string::npos) {
        read_entry(entry);
      } else if (std::none_of(entries.begin(), entries.end(),
                              [&](const YamlEntry& other) { return other.key == section; })) {
        say("unknown key" + guess_key(entry.key));
      }
    }
  }

  void read_entry(const YamlEntry& entry) {
    const Option* option = find_option(entry.key);
    if (option == nullptr) {
      unknown_key(from_line(entry.line), entry.key);
      return;
    }
    const bool list = option->binding.type == Type::list;
    Given given{entry.items, from_line(entry.line), option->binding.allowed};
    const auto refuse = [&](std::string found) {
      not_allowed(given.origin, entry.key, std::move(found), given.allowed);
    };
    switch (entry.shape) {
      case YamlEntry::Shape::section:
        return refuse("a section");
      case YamlEntry::Shape::nothing:
        if (!list) return refuse("no value");
        break;
      case YamlEntry::Shape::list:
        if (!list || entry.nested) {
          return refuse(entry.nested ? "a list that holds more than plain values" : "a list");
        }
        break;
      case YamlEntry::Shape::scalar:
        if (list) given.items = split_list(entry.items.front());
        break;
    }
    apply(*option, given);
  }

  // What one variable, secret file or credential says about an option, in our unit.
  void offer(const Option& option, std::vector<Given>& found, const std::string& text,
             const std::string& where, Unit unit) {
    const std::string allowed = allowed_text(option, unit);
    const std::optional<std::string> value = convert(unit, text);
    Config trial;
    Given given{{}, from_variable(where), allowed};
    if (value) given.items = option.binding.type == Type::list ? split_list(*value) : Items{*value};
    if (!value || !option.binding.set(trial, given.items)) {
      const bool list = option.binding.type == Type::list;
      not_allowed(given.origin, option.key, found_text(option, list ? given.items : Items{text}),
                  allowed);
      return;
    }
    found.push_back(std::move(given));
  }

  void offer_file(const Option& option, std::vector<Given>& found,
                  const std::filesystem::path& path, const std::string& where, Unit unit) {
    try {
      offer(option, found, without_end_of_line(read_file(path)), where, unit);
    } catch (const Error& error) {
      problem(from_variable(where), option.key, error.message());
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
        std::error_code error;
        // What cannot be looked at is tried, so that its problem is told.
        if (std::filesystem::exists(path, error) || error) {
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
      problem(
          from_variable({}), option.key,
          fmt::format("{}{} and {}{} disagree, allowed is one of them", found.front().origin.where,
                      quoted(found.front()), other.origin.where, quoted(other)));
      return;
    }
    apply(option, found.front());
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
        problem(from_variable(name), {}, "unknown variable" + guess(name, known));
      }
    }
  }

  void read_flags() {
    const Origin origin{Kind::flag, "--set", 0};
    for (const std::string& text : sources_.set) {
      const std::size_t equals = text.find('=');
      if (equals == std::string::npos) {
        not_allowed(origin, {}, fmt::format("'{}'", text), "KEY=VALUE");
        continue;
      }
      const std::string key = text.substr(0, equals);
      const Option* option = find_option(key);
      if (option == nullptr) {
        if (key.empty()) {
          problem(origin, "''", "unknown key");
        } else {
          unknown_key(origin, key);
        }
        continue;
      }
      const std::string value = text.substr(equals + 1);
      // Every user of the machine sees the arguments of every process.
      if (holds_secret(*option, value)) {
        problem(origin, key,
                fmt::format("a secret is not taken from the command line, allowed are the file, "
                            "{} and {}{}",
                            variable_name(*option), variable_name(*option), kFileSuffix));
        continue;
      }
      const Items items = option->binding.type == Type::list ? split_list(value) : Items{value};
      apply(*option, {items, origin, option->binding.allowed});
    }
  }

  // What depends on more than one option or on the place.
  void settle() {
    if (config_.storage.data_dir.empty()) {
      config_.storage.data_dir = default_data_dir(sources_.environment, sources_.root);
    }
    const auto by_default = [&](std::string_view key) {
      return origin_of(*find_option(key)).kind == Kind::built_in;
    };
    // What an address leaves open is libpq's to choose, unless somebody chose it.
    if (is_postgres_url(config_.database.url)) {
      if (by_default("database.port")) config_.database.port = 0;
      if (by_default("database.user")) config_.database.user.clear();
      if (by_default("database.dbname")) config_.database.dbname.clear();
    }
  }

  void check_together() {
    const Complaints complaints{
        [this](std::string_view key, const Error& error) { wrong(key, error); },
        [this](std::string_view key, std::string_view other, std::string allowed) {
          clash(key, other, std::move(allowed));
        }};
    try {
      store_target(config_);
    } catch (const Error& error) {
      wrong("database.url", error);
    }
    if (config_.spool.low_water > config_.spool.high_water) {
      clash("spool.low_water", "spool.high_water", "at most that");
    }
    const bool own_listener = config_.metrics.enabled && config_.metrics.port != 0;
    if (own_listener && config_.server.listeners.empty() &&
        config_.metrics.port == config_.server.port) {
      clash("metrics.port", "server.port", "another port, or 0 for the same listeners");
    }
    // Of what could not be read the default is in force, which says nothing.
    if (problems_.empty() && sources_.check) sources_.check(config_, complaints);
  }

  void wrong(std::string_view key, const Error& error) {
    problem(origin_of(*find_option(key)), key, error.message());
    problems_.back().hint = error.hint();
  }

  // The place is that of the first one somebody gave.
  void clash(std::string_view key, std::string_view other, std::string allowed) {
    const Option& one = *find_option(key);
    const Option& two = *find_option(other);
    const bool ours = origin_of(one).kind != Kind::built_in;
    not_allowed(origin_of(ours ? one : two), key,
                fmt::format("'{}' with {} '{}' ({})", join_list(shown_items(one, config_)), other,
                            join_list(shown_items(two, config_)), origin_of(two).where),
                std::move(allowed));
  }

  const Sources& sources_;
  Config config_;
  Loaded loaded_;
  std::vector<Problem> problems_;
};

}  // namespace

std::string Problem::text() const {
  std::string out;
  if (!origin.where.empty()) out += origin.where + ": ";
  if (!key.empty()) out += key + ": ";
  out += message;
  if (!hint.empty()) out += "; " + hint;
  return out;
}

Invalid::Invalid(std::vector<Problem> problems)
    : Error(ErrorCode::config, summary(problems), std::string(kHint)),
      problems_(std::move(problems)) {}

Loaded load(const Sources& sources) { return Loader(sources).run(); }

}  // namespace logctl::config
