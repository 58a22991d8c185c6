#include "shared/config/options.h"

#include "shared/base/file.h"
#include "shared/config/example.h"
#include "shared/config/load.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <set>

using namespace logctl;
using namespace logctl::config;

namespace {

bool well_formed(std::string_view variable) {
  return !variable.empty() && variable.front() >= 'A' && variable.front() <= 'Z' &&
         std::all_of(variable.begin(), variable.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
         });
}

}  // namespace

TEST_CASE("config: every row is complete and no name is taken twice", "[config]") {
  std::set<std::string> keys;
  std::set<std::string> variables;
  std::set<std::string> finished_sections;
  std::string section;
  for (const Option& option : options()) {
    INFO(option.key);
    CHECK(keys.insert(std::string(option.key)).second);
    CHECK(find_option(option.key) == &option);
    CHECK(std::count(option.key.begin(), option.key.end(), '.') == 1);
    CHECK_FALSE(option.metavar.empty());
    REQUIRE_FALSE(option.help.empty());
    const auto proper = {"PostgreSQL", "SQLite", "TLS"};
    CHECK((option.help.front() < 'A' || option.help.front() > 'Z' ||
           std::any_of(proper.begin(), proper.end(),
                       [&](const char* name) { return option.help.starts_with(name); })));
    CHECK(option.help.back() != '.');
    CHECK_FALSE(option.binding.allowed.empty());
    CHECK(well_formed(variable_name(option)));
    CHECK(variables.insert(variable_name(option)).second);
    for (const Alias& alias : option.aliases) {
      CHECK(well_formed(alias.name));
      CHECK_FALSE(alias.name.starts_with("LOGCTL_"));
      // Only a variable that says something about a second option may appear twice.
      if (alias.unit != Unit::true_if_set) CHECK(variables.insert(std::string(alias.name)).second);
    }
    if (option.section() != section) {
      section = option.section();
      CHECK(finished_sections.insert(section).second);
    }
  }
}

TEST_CASE("config: every default is within its own bounds and survives its text form", "[config]") {
  const Config defaults;
  for (const Option& option : options()) {
    INFO(option.key);
    const Items items = option.binding.get(defaults);
    Config config;
    CHECK(option.binding.set(config, items));
    CHECK(option.binding.get(config) == items);
  }
}

TEST_CASE("config: each row is bound to a member of its own", "[config]") {
  // Changing one option must change exactly one value.
  const std::string token = "ns_ZGVmYXVsdA_" + std::string(64, 'a');
  for (const Option& option : options()) {
    INFO(option.key);
    Config config;
    const Items before = option.binding.get(config);
    bool changed = false;
    for (const char* text : {"true", "false", "7", "2", "3s", "3h", "64KiB", "2MiB", "/x", "error",
                             "json", "native", "require", "stored", "6MiB", "none", "02:30", "*",
                             token.c_str()}) {
      if (option.binding.set(config, {text}) && option.binding.get(config) != before) {
        changed = true;
        break;
      }
    }
    CHECK(changed);
    const Config defaults;
    for (const Option& other : options()) {
      if (&other == &option) continue;
      INFO(other.key);
      CHECK(other.binding.get(config) == other.binding.get(defaults));
    }
  }
}

TEST_CASE("config: a reload names what waits for a restart", "[config]") {
  const Config running;
  CHECK(needing_restart(running, running).empty());
  Config fresh;
  fresh.server.port = 9999;
  fresh.log.level = "debug";
  fresh.spool.max_bytes = 1;
  CHECK(needing_restart(running, fresh) ==
        std::vector<std::string_view>{"server.port", "spool.max_bytes"});
}

TEST_CASE("config: bounds and forms by type", "[config]") {
  struct Row {
    std::string_view key;
    std::string text;
    bool accepted;
    std::string shown;
  };
  const std::vector<Row> rows = {
      {"server.port", "0", true, "0"},
      {"server.port", "65535", true, "65535"},
      {"server.port", "65536", false, ""},
      {"server.port", "-1", false, ""},
      {"server.port", " 80", false, ""},
      {"server.port", "80x", false, ""},
      {"server.port", "", false, ""},
      {"server.host", "", false, ""},
      {"ratelimit.default_rps", "0.5", true, "0.5"},
      {"ratelimit.default_rps", "0", false, ""},
      {"ratelimit.default_rps", "inf", false, ""},
      {"ratelimit.default_rps", "nan", false, ""},
      {"server.max_body_bytes", "10MB", true, "10000000B"},
      {"server.max_body_bytes", "1", false, ""},
      {"server.max_body_bytes", "2GiB", false, ""},
      {"server.read_timeout", "1m30s", true, "1m30s"},
      {"server.read_timeout", "10", false, ""},
      {"server.read_timeout", "1us", false, ""},
      {"retention.max_age", "0", true, "0s"},
      {"retention.max_age", "1s", false, ""},
      {"retention.max_age", "90d", true, "90d"},
      {"log.level", "WARNING", true, "warn"},
      {"log.level", "loud", false, ""},
      {"log.access", "off", true, "false"},
      {"log.access", "1", true, "true"},
      {"log.access", "2", false, ""},
      {"database.sslmode", "", true, ""},
      {"database.sslmode", "verify-full", true, "verify-full"},
      {"database.user", "a\nb", false, ""},
      {"metrics.path", "metrics", false, ""},
      {"metrics.path", "/m?x", false, ""},
  };
  for (const Row& row : rows) {
    INFO(row.key << " = '" << row.text << "'");
    const Option* option = find_option(row.key);
    REQUIRE(option != nullptr);
    Config config;
    const Items before = option->binding.get(config);
    CHECK(option->binding.set(config, {row.text}) == row.accepted);
    CHECK(option->binding.get(config) == (row.accepted ? Items{row.shown} : before));
  }
}

TEST_CASE("config: lists split at commas without blanks and empty items", "[config]") {
  CHECK(split_list("") == Items{});
  CHECK(split_list(" a , b,,c ,") == Items{"a", "b", "c"});
  CHECK(join_list({"a", "b"}) == "a,b");
}

TEST_CASE("config: passwords disappear from URLs and settings", "[config]") {
  const auto f = [](std::string_view text, std::string_view expected) {
    CHECK(without_password(text) == expected);
  };
  f("", "");
  f("postgres://h/d", "postgres://h/d");
  f("postgres://u@h:5432/d", "postgres://u@h:5432/d");
  f("postgres://u:p@h/d", "postgres://u:********@h/d");
  f("postgres://u:p/q@x@h/d", "postgres://u:********@h/d");
  f("postgresql://h/d?user=u&password=p&sslmode=require",
    "postgresql://h/d?user=u&password=********&sslmode=require");
  f("sslpassword = 'a \\' b' sslmode=require", "sslpassword = ******** sslmode=require");
  f("password=", "password=");
  f("passwords are secret", "passwords are secret");
}

TEST_CASE("config: the committed example is what the rows say and loads as it is", "[config]") {
  const std::string text = example_yaml();
  CHECK(read_file(LOGCTL_SOURCE_DIR "/examples/config.yaml") == text);

  // With every comment sign before an option removed, it still loads and changes nothing.
  std::string active;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = text.find('\n', start);
    std::string line = text.substr(start, end - start);
    start = end + 1;
    const std::size_t sign = line.find('#');
    if (sign != std::string::npos && sign + 1 < line.size() && line[sign + 1] != ' ') {
      line.erase(sign, 1);
    }
    active += line + "\n";
  }
  const logctl::test::TempDir dir;
  Sources sources;
  sources.root = true;
  for (const auto& [name, content] : {std::pair{"as-is.yaml", text}, {"active.yaml", active}}) {
    INFO(name);
    const auto path = dir.path() / name;
    replace_file(path, content);
    sources.file = path.string();
    const Loaded loaded = load(sources);
    Config defaults;
    defaults.storage.data_dir = "/var/lib/logctl";
    for (const Option& option : options()) {
      INFO(option.key);
      CHECK(option.binding.get(*loaded.config) == option.binding.get(defaults));
    }
    const auto from_file = static_cast<std::size_t>(
        std::count_if(loaded.origins.begin(), loaded.origins.end(),
                      [](const Origin& origin) { return origin.kind == Origin::Kind::file; }));
    CHECK(from_file == (name == std::string("as-is.yaml") ? 0 : options().size()));
  }
}
