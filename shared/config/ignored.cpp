#include "shared/config/ignored.h"

#include "shared/config/options.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace logctl::config {
namespace {

constexpr std::string_view kIdle =
    "connections are opened when they are needed, up to database.max_connections";
constexpr std::string_view kCache = "answers are not cached";
constexpr bool kCommon = true;

constexpr std::array kIgnored = {
    IgnoredVariable{"MESSAGEDB_DB_IDLE_CONNECTIONS", kIdle},
    IgnoredVariable{"DATABASE_MIN_CONNECTIONS", kIdle},
    IgnoredVariable{"DB_MAX_IDLE_CONNECTIONS", kIdle},
    IgnoredVariable{"LOG_AGG_POSTGRES_MAX_IDLE_CONNS", kIdle},
    IgnoredVariable{"DATABASE_READONLY_URL", "queries go to the store of database.url too"},
    IgnoredVariable{"EVENTODB_DB_TYPE",
                    "database.url decides on the store, storage.partitioning on TimescaleDB"},
    IgnoredVariable{"LOG_AGG_CACHE_ENABLED", kCache},
    IgnoredVariable{"LOG_AGG_CACHE_TTL", kCache},
    IgnoredVariable{"LOG_AGG_CACHE_TIME_RANGE_TTL", kCache},
    IgnoredVariable{"LOG_AGG_CACHE_CLEANUP_INTERVAL", kCache},
    IgnoredVariable{"CACHE_DEFAULT_TTL", kCache, kCommon},
    IgnoredVariable{"REDIS_URL", kCache, kCommon},
    IgnoredVariable{"JWT_SECRET", "clients show API keys, see `logctl keys`", kCommon},
    IgnoredVariable{"RUST_LOG", "log.level says what is logged", kCommon},
    IgnoredVariable{"ENVIRONMENT", "nothing depends on the kind of environment", kCommon},
};

}  // namespace

std::vector<IgnoredVariable> ignored_variables(const Environment& environment) {
  std::vector<IgnoredVariable> set;
  for (const IgnoredVariable& variable : kIgnored) {
    const auto found = environment.find(variable.name);
    if (found != environment.end() && !found->second.empty()) set.push_back(variable);
  }
  return set;
}

std::vector<std::string> idle_database_notes(const Loaded& loaded) {
  std::vector<std::string> idle;
  const Database& database = loaded.config->database;
  if (!database.url.empty() || !database.host.empty()) return idle;
  for (std::size_t i = 0; i < options().size(); ++i) {
    const Origin& origin = loaded.origins[i];
    const std::string_view key = options()[i].key;
    if (!key.starts_with("database.") || origin.kind == Origin::Kind::built_in) continue;
    // Empty ones ask for SQLite, where questions have a timeout, too.
    if (key == "database.url" || key == "database.host" || key == "database.statement_timeout") {
      continue;
    }
    idle.push_back(fmt::format(
        "{} ({}) has no effect without database.host or database.url: the store is SQLite", key,
        origin.where));
  }
  return idle;
}

}  // namespace logctl::config
