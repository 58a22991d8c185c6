#include "shared/config/load.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/config/ignored.h"
#include "shared/config/options.h"
#include "tests/support/catch.h"
#include "tests/support/temp_dir.h"

#include <filesystem>

using namespace logctl;
using namespace logctl::config;

namespace {

// A fresh folder as the whole world: no other file or variable can interfere.
class World {
 public:
  World() {
    sources.working_directory = dir_.path();
    sources.system_file = dir_.path() / "etc.yaml";
    sources.environment["STATE_DIRECTORY"] = "/state";
  }
  std::string path(const std::string& name) const { return (dir_.path() / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    replace_file(path(name), text);
    return path(name);
  }
  // A file given with --config.
  World& yaml(const std::string& text) {
    sources.file = write("given.yaml", text);
    return *this;
  }
  World& env(const std::string& name, const std::string& value) {
    sources.environment[name] = value;
    return *this;
  }
  World& set(const std::string& text) {
    sources.set.push_back(text);
    return *this;
  }
  Config config() const { return *load(sources).config; }
  std::string origin(std::string_view key) const {
    const Loaded loaded = load(sources);
    std::string where =
        loaded.origins.at(static_cast<std::size_t>(find_option(key) - options().data())).where;
    if (where.starts_with(dir_.path().string())) where.erase(0, dir_.path().string().size() + 1);
    return where;
  }
  // The message of the configuration error, without the folder; empty when there is none.
  std::string complaint() const {
    try {
      load(sources);
      return {};
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::config);
      CHECK(info(error.code()).exit_status == 78);
      std::string text = error.message();
      const std::string folder = dir_.path().string() + "/";
      for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) {
        text.erase(at, folder.size());
      }
      return text;
    }
  }

  Sources sources;

 private:
  test::TempDir dir_;
};

}  // namespace

TEST_CASE("config: the Log Ingestion Service's file loads as it is", "[config]") {
  const Config config = World()
                            .yaml(R"(server:
  host: "0.0.0.0"
  port: 8080
  read_timeout: "10s"
  write_timeout: "10s"

database:
  host: "localhost"
  port: 5432
  user: "log_ingestion"
  password: "secure-password"
  dbname: "logs"
  sslmode: "require"

batch:
  size: 1000
  flush_interval: "5s"

ratelimit:
  enabled: true
  default_rps: 100
  burst: 200

auth:
  api_keys:
    - "your-api-key-1"
    - "your-api-key-2"
)")
                            .config();
  CHECK(config.database.user == "log_ingestion");
  CHECK(config.database.sslmode == "require");
  CHECK(config.batch.size == 1000);
  CHECK(config.batch.flush_interval == seconds(5));
  CHECK(config.auth.api_keys == std::vector<std::string>{"your-api-key-1", "your-api-key-2"});
}

TEST_CASE("config: a flag beats the environment, which beats the file, which beats the default",
          "[config]") {
  World world;
  CHECK(world.config().server.port == 8080);
  CHECK(world.origin("server.port") == "default");
  world.yaml("# mine\nserver:\n  port: 1\n");
  CHECK(world.config().server.port == 1);
  CHECK(world.origin("server.port") == "given.yaml:3");
  world.env("LOGCTL_SERVER_PORT", "2");
  CHECK(world.config().server.port == 2);
  CHECK(world.origin("server.port") == "LOGCTL_SERVER_PORT");
  world.set("server.port=3").set("server.port=4");
  CHECK(world.config().server.port == 4);
  CHECK(world.origin("server.port") == "--set");
  CHECK(world.origin("server.host") == "default");
}

TEST_CASE("config: the first file of the usual places is used", "[config]") {
  World world;
  CHECK(load(world.sources).file.empty());
  const auto used = [&] {
    return load(world.sources).file.lexically_relative(world.path("")).string();
  };
  world.write("etc.yaml", "server: {port: 1}");
  CHECK(used() == "etc.yaml");
  world.env("HOME", world.path("home"));
  world.write("home/.config/logctl/config.yaml", "server: {port: 2}");
  CHECK(used() == "home/.config/logctl/config.yaml");
  world.env("XDG_CONFIG_HOME", world.path("xdg"));
  CHECK(used() == "etc.yaml");
  world.write("xdg/logctl/config.yaml", "server: {port: 3}");
  CHECK(used() == "xdg/logctl/config.yaml");
  world.write("config/config.yaml", "server: {port: 4}");
  CHECK(used() == "config/config.yaml");
  world.write("config.yaml", "server: {port: 5}");
  CHECK(used() == "config.yaml");
  world.env("LOGCTL_CONFIG", world.write("variable.yaml", ""));
  CHECK(used() == "variable.yaml");
  world.sources.file = world.write("flag.yaml", "");
  CHECK(used() == "flag.yaml");
}

TEST_CASE("config: a named file that is missing is an error", "[config]") {
  World flag;
  flag.sources.file = flag.path("none.yaml");
  CHECK(flag.complaint() == "configuration file 'none.yaml', named by --config, does not exist");
  World variable;
  variable.env("LOGCTL_CONFIG", variable.path("none.yaml"));
  CHECK(variable.complaint() ==
        "configuration file 'none.yaml', named by LOGCTL_CONFIG, does not exist");
}

TEST_CASE("config: what is wrong in a file is named with line, key, finding and rule", "[config]") {
  struct Row {
    std::string yaml;
    std::string complaint;
  };
  const std::vector<Row> rows = {
      {"server:\n  prot: 1\n",
       "given.yaml:2: server.prot: unknown key; did you mean 'server.port'?"},
      {"server:\n  dbname: x\n",
       "given.yaml:2: server.dbname: unknown key; did you mean 'database.dbname'?"},
      {"sevrer:\n  port: 1\n", "given.yaml:1: sevrer: unknown section; did you mean 'server'?"},
      {"wholly_unknown: 1\n", "given.yaml:1: wholly_unknown: unknown section"},
      {"server:\n  port: eighty\n",
       "given.yaml:2: server.port: found 'eighty', allowed is a whole number from 0 to 65535"},
      {"server:\n  port: 65536\n",
       "given.yaml:2: server.port: found '65536', allowed is a whole number from 0 to 65535"},
      {"server:\n  port:\n",
       "given.yaml:2: server.port: found no value, allowed is a whole number from 0 to 65535"},
      {"server:\n  port: [1, 2]\n",
       "given.yaml:2: server.port: found a list, allowed is a whole number from 0 to 65535"},
      {"server:\n  port: {a: 1}\n",
       "given.yaml:2: server.port: found a section, allowed is a whole number from 0 to 65535"},
      {"server:\n  port: 1\n  port: 2\n",
       "given.yaml:3: server.port: given twice, first in line 2"},
      {"server:\n  port: 1\nserver:\n  host: x\n",
       "given.yaml:3: server: given twice, first in line 1"},
      {"server: 8080\n",
       "given.yaml:1: server: found a value, allowed is a section with options below it"},
      {"auth:\n  api_keys: [{name: x}]\n",
       "given.yaml:2: auth.api_keys: found a list that holds more than plain values, allowed is a "
       "list of keys"},
      {"log:\n  level: loud\n",
       "given.yaml:2: log.level: found 'loud', allowed is one of trace, debug, info, warn, error"},
      {"batch:\n  flush_interval: 5\n",
       "given.yaml:2: batch.flush_interval: found '5', allowed is a duration from 0s to 1m, like "
       "250ms, 5s or 1h30m"},
      {"ingest:\n  ack: later\n",
       "given.yaml:2: ingest.ack: found 'later', allowed is one of auto, spooled, stored"},
      {"- a\n- b\n", "given.yaml:1: found no mapping, expected sections like `server:`"},
      {"server:\n\tport: 1\n", "given.yaml:2: not valid YAML"},
      {"server:\n  port: 1\n---\nserver:\n  port: 2\n",
       "given.yaml:4: found a second document, allowed is one: nothing behind a line `---`"},
      {"server:\n  host: not a host\n",
       "given.yaml:2: server.host: found 'not a host', allowed is an address or host name"},
      {"server:\n  host: 1.2.3.400\n", "given.yaml:2: server.host: found '1.2.3.400', allowed is"},
      {"server:\n  cors_origins: ['https://a', notaurl]\n",
       "given.yaml:2: server.cors_origins: found 'notaurl', allowed is a list of origins like "
       "https://app.example.org, or *"},
      {"server:\n  cors_origins: https://a/\n",
       "given.yaml:2: server.cors_origins: found 'https://a/', allowed is"},
      {"spool:\n  high_water: 50\n",
       "given.yaml:2: spool.low_water: found '80' with spool.high_water '50' (given.yaml:2), "
       "allowed is at most that"},
      {"spool:\n  low_water: 70\n  high_water: 60\n",
       "given.yaml:2: spool.low_water: found '70' with spool.high_water '60' (given.yaml:3), "
       "allowed is at most that"},
      {"metrics:\n  port: 8080\n",
       "given.yaml:2: metrics.port: found '8080' with server.port '8080' (default), allowed is "
       "another port, or 0 for the same listeners"},
  };
  for (const Row& row : rows) {
    INFO(row.yaml);
    const std::string complaint = World().yaml(row.yaml).complaint();
    CHECK(complaint.substr(0, row.complaint.size()) == row.complaint);
  }
}

TEST_CASE("config: empty files, sections and lists are fine", "[config]") {
  for (const char* yaml :
       {"", "# nothing\n", "server:\n", "auth:\n  api_keys:\n", "server: {}\n",
        "---\nserver: {}\n---\n", "metrics: {enabled: false, port: 8080}\n",
        "server: {host: 'fe80::1%eth0'}\n", "server: {cors_origins: ['null', 'app://x']}\n"}) {
    INFO(yaml);
    CHECK(World().yaml(yaml).complaint().empty());
  }
  CHECK(World().yaml("auth:\n  api_keys: a, b\n").config().auth.api_keys ==
        std::vector<std::string>{"a", "b"});
}

TEST_CASE("config: every problem of every source is told at once", "[config]") {
  const std::string complaint = World()
                                    .yaml("server:\n  port: x\n  hots: y\n")
                                    .env("LOGCTL_LOG_LEVL", "info")
                                    .env("LOG_LEVEL", "loud")
                                    .set("batch.size=0")
                                    .set("nonsense")
                                    .complaint();
  CHECK(complaint ==
        "6 problems in the configuration\n"
        "  given.yaml:2: server.port: found 'x', allowed is a whole number from 0 to 65535\n"
        "  given.yaml:3: server.hots: unknown key; did you mean 'server.host'?\n"
        "  LOG_LEVEL: log.level: found 'loud', allowed is one of trace, debug, info, warn, error\n"
        "  LOGCTL_LOG_LEVL: unknown variable; did you mean 'LOGCTL_LOG_LEVEL'?\n"
        "  --set: batch.size: found '0', allowed is a whole number from 1 to 1000000\n"
        "  --set: found 'nonsense', allowed is KEY=VALUE");
}

TEST_CASE("config: a wrong key in --set is answered with the right ones", "[config]") {
  CHECK(World().set("server.prot=1").complaint() ==
        "--set: server.prot: unknown key; did you mean 'server.port'?");
  CHECK(
      World().set("port=1").complaint() ==
      "--set: port: unknown key; did you mean 'server.port' or 'database.port' or 'metrics.port'?");
  CHECK(World().set("=1").complaint() == "--set: '': unknown key");
}

TEST_CASE("config: the seeds' variables reach our options in our units", "[config]") {
  struct Row {
    std::string variable;
    std::string value;
    std::string key;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {"LOG_INGESTION_SERVER_PORT", "81", "server.port", "81"},
      {"PORT", "82", "server.port", "82"},
      {"API_PORT", "83", "server.port", "83"},
      {"MESSAGEDB_PORT", "84", "server.port", "84"},
      {"EVENTODB_PORT", "85", "server.port", "85"},
      {"LOG_AGG_SERVER_PORT", "86", "server.port", "86"},
      {"APP_HOST", "::1", "server.host", "::1"},
      {"DB_NAME", "analytics_logs", "database.dbname", "analytics_logs"},
      {"DB_SSL_MODE", "disable", "database.sslmode", "disable"},
      {"DB_SSLMODE", "require", "database.sslmode", "require"},
      {"DB_MAX_CONNECTIONS", "100", "database.max_connections", "100"},
      {"DB_MAX_LIFETIME_MINUTES", "90", "database.max_lifetime", "1h30m"},
      {"LOG_AGG_POSTGRES_CONN_MAX_LIFETIME", "5m", "database.max_lifetime", "5m"},
      {"DATABASE_URL", "postgres://h/d", "database.url", "postgres://h/d"},
      {"EVENTODB_DATA_DIR", "/data", "storage.data_dir", "/data"},
      {"RATE_LIMIT_REQUESTS_PER_MINUTE", "1500", "ratelimit.default_rps", "25"},
      {"RATE_LIMIT_BURST", "100", "ratelimit.burst", "100"},
      {"MAX_REQUEST_SIZE_MB", "10", "server.max_body_bytes", "10MiB"},
      {"REQUEST_TIMEOUT_SECONDS", "30", "server.read_timeout", "30s"},
      {"MAX_BATCH_SIZE", "500", "ingest.max_batch_records", "500"},
      {"WORKER_POOL_SIZE", "10", "server.workers", "10"},
      {"BATCH_FLUSH_INTERVAL", "5s", "batch.flush_interval", "5s"},
      {"BATCH_TIMEOUT_SECONDS", "30", "batch.flush_interval", "30s"},
      {"BACKUP_DIR", "/var/backups/log-ingestion", "backup.dir", "/var/backups/log-ingestion"},
      {"ENABLE_METRICS", "false", "metrics.enabled", "false"},
      {"METRICS_PATH", "/m", "metrics.path", "/m"},
      {"HEALTH_CHECK_PATH", "/up", "server.health_path", "/up"},
      {"ENABLE_CORS", "true", "server.cors_enabled", "true"},
      {"ALLOWED_ORIGINS", "https://a, https://b", "server.cors_origins", "https://a,https://b"},
      {"CORS_ORIGINS", "*", "server.cors_origins", "*"},
      {"CORS_ORIGINS", "*", "server.cors_enabled", "true"},
      {"API_KEYS", "k1,k2", "auth.api_keys", "k1,k2"},
      {"LOG_LEVEL", "DEBUG", "log.level", "debug"},
  };
  for (const Row& row : rows) {
    INFO(row.variable);
    World world;
    world.env(row.variable, row.value);
    const Config config = world.config();
    CHECK(join_list(find_option(row.key)->binding.get(config)) == row.expected);
    CHECK(world.origin(row.key) == row.variable);
  }
}

TEST_CASE("config: a foreign variable with a bad value says what it may hold", "[config]") {
  CHECK(
      World().env("MAX_REQUEST_SIZE_MB", "5000").complaint() ==
      "MAX_REQUEST_SIZE_MB: server.max_body_bytes: found '5000', allowed is a whole number of MiB "
      "that gives a size from 1KiB to 1GiB, like 512, 64KiB or 10MB");
  CHECK(
      World().env("RATE_LIMIT_REQUESTS_PER_MINUTE", "many").complaint() ==
      "RATE_LIMIT_REQUESTS_PER_MINUTE: ratelimit.default_rps: found 'many', allowed is a rate per "
      "minute that gives per second a number from 0.01 to 1000000");
}

TEST_CASE("config: an empty foreign variable is not set, an empty own one is", "[config]") {
  CHECK(World().env("PORT", "").config().server.port == 8080);
  CHECK(World().env("DB_HOST", "").env("LOGCTL_DATABASE_USER", "").config().database.user.empty());
  CHECK(World().env("LOGCTL_SERVER_PORT", "").complaint() ==
        "LOGCTL_SERVER_PORT: server.port: found '', allowed is a whole number from 0 to 65535");
}

TEST_CASE("config: variables that disagree are an error naming both", "[config]") {
  CHECK(World().env("DB_PORT", "1").env("LOGCTL_DATABASE_PORT", "2").complaint() ==
        "database.port: LOGCTL_DATABASE_PORT ('2') and DB_PORT ('1') disagree, allowed is one of "
        "them");
  CHECK(World().env("DB_PASSWORD", "p1").env("LOG_INGESTION_DB_PASSWORD", "p2").complaint() ==
        "database.password: DB_PASSWORD and LOG_INGESTION_DB_PASSWORD disagree, allowed is one of "
        "them");
  // Equal values in different forms and units do not disagree.
  CHECK(World()
            .env("DB_MAX_LIFETIME_MINUTES", "5")
            .env("LOGCTL_DATABASE_MAX_LIFETIME", "300s")
            .complaint()
            .empty());
}

TEST_CASE("config: unknown LOGCTL_ variables are errors, others are nobody's business",
          "[config]") {
  CHECK(World().env("LOGCTL_SERVER_PROT", "1").complaint() ==
        "LOGCTL_SERVER_PROT: unknown variable; did you mean 'LOGCTL_SERVER_PORT'?");
  // Only secrets have a _FILE form.
  CHECK(World().env("LOGCTL_SERVER_PORT_FILE", "x").complaint() ==
        "LOGCTL_SERVER_PORT_FILE: unknown variable; did you mean 'LOGCTL_SERVER_PORT'?");
  CHECK(World()
            .env("LOGCTL_TEST_ANYTHING", "1")
            .env("LOGCTL_API_KEY", "k")
            .env("LOG_INGESTION_JWT_SECRET", "x")
            .complaint()
            .empty());
}

TEST_CASE("config: secrets come from files and credentials too", "[config]") {
  World file;
  file.env("LOGCTL_DATABASE_PASSWORD_FILE", file.write("pw", "s3cret\n"));
  CHECK(file.config().database.password == "s3cret");
  CHECK(file.origin("database.password") == "LOGCTL_DATABASE_PASSWORD_FILE");
  file.env("DB_PASSWORD", "other");
  CHECK(file.complaint() ==
        "database.password: LOGCTL_DATABASE_PASSWORD_FILE and DB_PASSWORD disagree, allowed is one "
        "of them");

  World alias;
  alias.env("API_KEYS_FILE", alias.write("keys", "a,b\n"));
  CHECK(alias.config().auth.api_keys == std::vector<std::string>{"a", "b"});

  World credential;
  credential.write("credentials/database.password", "from systemd\n");
  credential.env("CREDENTIALS_DIRECTORY", credential.path("credentials"));
  CHECK(credential.config().database.password == "from systemd");
  CHECK(credential.origin("database.password") == "credential database.password");

  World unreadable;
  const std::filesystem::path loop = unreadable.path("database.password");
  std::filesystem::create_symlink(loop, loop);
  unreadable.env("CREDENTIALS_DIRECTORY", unreadable.path("."));
  CHECK(unreadable.complaint() ==
        "credential database.password: database.password: open './database.password': Too many "
        "levels of symbolic links");

  World missing;
  missing.env("DB_PASSWORD_FILE", missing.path("none"));
  CHECK(missing.complaint().starts_with("DB_PASSWORD_FILE: database.password: "));
}

TEST_CASE("config: secrets appear neither in flags nor in complaints", "[config]") {
  CHECK(World().set("database.password=hunter2").complaint() ==
        "--set: database.password: a secret is not taken from the command line, allowed are the "
        "file, "
        "LOGCTL_DATABASE_PASSWORD and LOGCTL_DATABASE_PASSWORD_FILE");
  CHECK(World().set("database.url=postgres://u:hunter2@h/d").complaint().find("hunter2") ==
        std::string::npos);
  CHECK(World().set("database.url=postgres://u@h/d").complaint().empty());
  const std::string bad_url = World().env("DATABASE_URL", "mysql://u:hunter2@h/d").complaint();
  CHECK(bad_url ==
        "DATABASE_URL: database.url: found 'mysql://u:********@h/d', allowed are "
        "sqlite:///DIRECTORY, "
        "postgres://... and postgresql://...");
  const std::string bad_text = World().env("DB_PASSWORD", "hunter2\n").complaint();
  CHECK(bad_text == "DB_PASSWORD: database.password: found a secret text, allowed is a text");
}

TEST_CASE("config: show masks secrets and keeps the rest", "[config]") {
  const Config config = World()
                            .env("DB_PASSWORD", "hunter2")
                            .env("API_KEYS", "k1,k2")
                            .env("DATABASE_URL", "postgres://u:hunter2@h/d?sslmode=require")
                            .config();
  const auto shown = [&](std::string_view key) { return shown_items(*find_option(key), config); };
  CHECK(shown("database.password") == Items{"********"});
  CHECK(shown("auth.api_keys") == Items{"********", "********"});
  CHECK(shown("database.url") == Items{"postgres://u:********@h/d?sslmode=require"});
  CHECK(shown("server.port") == Items{"8080"});
}

TEST_CASE("config: the data directory has a default for services, root and people", "[config]") {
  const auto f = [](const Environment& environment, bool root) {
    return default_data_dir(environment, root).string();
  };
  CHECK(f({{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}, {"HOME", "/h"}}, true) == "/var/lib/a");
  CHECK(f({{"HOME", "/h"}}, true) == "/var/lib/logctl");
  CHECK(f({{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}, false) == "/s/logctl");
  CHECK(f({{"HOME", "/h"}}, false) == "/h/.local/state/logctl");
  CHECK(World().config().storage.data_dir == "/state");
}

TEST_CASE("config: with an address of PostgreSQL only parts that somebody gave are in force",
          "[config]") {
  World world;
  CHECK(world.config().database.user == "postgres");
  world.env("DATABASE_URL", "postgresql://h/d");
  CHECK(world.config().database.user.empty());
  CHECK(world.config().database.dbname.empty());
  CHECK(world.config().database.port == 0);
  world.env("DB_USER", "postgres");
  CHECK(world.config().database.user == "postgres");
}

TEST_CASE("config: problems are told in pieces too", "[config]") {
  World world;
  world.yaml("server:\n  port: x\n").env("LOGCTL_NONSENSE", "1");
  try {
    load(world.sources);
    FAIL("accepted");
  } catch (const Invalid& error) {
    REQUIRE(error.problems().size() == 2);
    const Problem& value = error.problems()[0];
    CHECK(value.origin.kind == Origin::Kind::file);
    CHECK(value.origin.where == world.path("given.yaml:2"));
    CHECK(value.key == "server.port");
    CHECK(value.found == "'x'");
    CHECK(value.allowed == "a whole number from 0 to 65535");
    CHECK(error.problems()[1].origin.where == "LOGCTL_NONSENSE");
    CHECK(error.problems()[1].message.starts_with("unknown variable"));
  }
}

TEST_CASE("config: what others find wrong has the place of the option", "[config]") {
  World world;
  world.yaml("server:\n  workers: 9\n").set("batch.size=7");
  world.sources.check = [](const Config& config, const Complaints& complaints) {
    CHECK(config.server.workers == 9);
    complaints.wrong("server.workers", Error(ErrorCode::usage, "odd", "use even ones"));
    complaints.clash("batch.size", "server.workers", "the same");
  };
  CHECK(world.complaint() ==
        "2 problems in the configuration\n"
        "  given.yaml:2: server.workers: odd; use even ones\n"
        "  --set: batch.size: found '7' with server.workers '9' (given.yaml:2), allowed is the "
        "same");
  // It is not asked about values that could not be read.
  world.set("batch.size=x");
  CHECK(world.complaint().starts_with("--set: batch.size: found 'x'"));
}

TEST_CASE("config: foreign variables without an effect are known, and no option is among them",
          "[config]") {
  CHECK(ignored_variables({{"DB_HOST", "h"}, {"JWT_SECRET", ""}}).empty());
  const std::vector<IgnoredVariable> set =
      ignored_variables({{"RUST_LOG", "info"}, {"DB_MAX_IDLE_CONNECTIONS", "10"}});
  REQUIRE(set.size() == 2);
  CHECK(set[0].name == "DB_MAX_IDLE_CONNECTIONS");
  CHECK_FALSE(set[0].common);
  CHECK(set[1].name == "RUST_LOG");
  CHECK(set[1].common);
  for (const Option& option : options()) {
    for (const Alias& alias : option.aliases) {
      INFO(alias.name);
      CHECK(ignored_variables({{std::string(alias.name), "x"}}).empty());
    }
  }
}
