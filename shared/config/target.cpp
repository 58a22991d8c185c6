#include "shared/config/target.h"

#include "shared/base/error.h"
#include "shared/config/load.h"
#include "shared/config/options.h"

#include <fmt/format.h>

#include <unistd.h>

namespace logctl::config {
namespace {

constexpr std::string_view kSqlite = "sqlite://";

StoreTarget sqlite_target(std::filesystem::path directory) {
  StoreTarget target;
  target.kind = StoreKind::sqlite;
  target.directory = std::move(directory);
  target.shown = fmt::format("sqlite://{}", target.directory.string());
  return target;
}

StoreTarget sqlite_url(std::string_view url) {
  std::string_view path = url.substr(kSqlite.size());
  if (!path.starts_with('/') || path.find_first_not_of('/') == std::string_view::npos) {
    throw Error(ErrorCode::config, fmt::format("found '{}', allowed is sqlite:///DIRECTORY with an "
                                               "absolute path after the two slashes",
                                               url));
  }
  while (path.starts_with("//")) path.remove_prefix(1);
  return sqlite_target(path);
}

// One `key='value'` of a libpq connection string.
std::string setting(std::string_view key, std::string_view value) {
  std::string out = fmt::format("{}='", key);
  for (const char c : value) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('\'');
  return out;
}

// What the options beside database.url say; an empty one says nothing.
std::vector<ConnectionPart> connection_parts(const Database& database) {
  std::vector<ConnectionPart> parts;
  const auto add = [&](std::string_view option, std::string_view key, std::string_view value) {
    if (!value.empty()) parts.push_back({option, setting(key, value)});
  };
  add("database.host", "host", database.host);
  if (database.port != 0) add("database.port", "port", std::to_string(database.port));
  add("database.user", "user", database.user);
  add("database.password", "password", database.password);
  add("database.dbname", "dbname", database.dbname);
  add("database.sslmode", "sslmode", database.sslmode);
  if (!database.options.empty()) parts.push_back({"database.options", database.options});
  return parts;
}

StoreTarget postgres_url(const Database& database) {
  StoreTarget target;
  target.kind = StoreKind::postgres;
  target.connection = connection_parts(database);
  target.connection.insert(target.connection.begin(), {"database.url", database.url});
  target.shown = without_password(database.url);
  return target;
}

StoreTarget postgres_parts(const Database& database) {
  StoreTarget target;
  target.kind = StoreKind::postgres;
  target.connection = connection_parts(database);
  const std::string user = database.user.empty() ? "" : database.user + "@";
  if (database.host.starts_with('/')) {
    target.shown = fmt::format("postgresql://{}/{}?host={}&port={}", user, database.dbname,
                               database.host, database.port);
  } else {
    const bool ipv6 = database.host.find(':') != std::string::npos;
    target.shown = fmt::format("postgresql://{}{}{}{}:{}/{}", user, ipv6 ? "[" : "", database.host,
                               ipv6 ? "]" : "", database.port, database.dbname);
  }
  return target;
}

}  // namespace

StoreTarget store_target(const Config& config) {
  const std::string& url = config.database.url;
  if (url.starts_with(kSqlite)) return sqlite_url(url);
  if (is_postgres_url(url)) return postgres_url(config.database);
  if (!url.empty()) {
    throw Error(ErrorCode::config, fmt::format("found '{}', allowed are sqlite:///DIRECTORY, "
                                               "postgres://... and postgresql://...",
                                               without_password(url)));
  }
  if (!config.database.host.empty()) return postgres_parts(config.database);
  if (!config.storage.data_dir.empty()) return sqlite_target(config.storage.data_dir);
  return sqlite_target(default_data_dir(process_environment(), ::geteuid() == 0));
}

bool is_postgres_url(std::string_view url) {
  return url.starts_with("postgres://") || url.starts_with("postgresql://");
}

void use_store(Config& config, const std::string& url) {
  Database& database = config.database;
  database.url = url;
  database.port = 0;
  for (std::string* part : {&database.host, &database.user, &database.password, &database.dbname,
                            &database.sslmode, &database.options}) {
    part->clear();
  }
}

Ack acknowledgement(const Config& config) {
  const bool sqlite = store_target(config).kind == StoreKind::sqlite;
  if (config.ingest.ack == "spooled" && sqlite) {
    throw Error(ErrorCode::config,
                "ingest.ack: found 'spooled', but the store is SQLite, which is as local as the "
                "spool would be; allowed is stored (or auto)",
                "set ingest.ack to auto, or move to PostgreSQL with database.url");
  }
  if (config.ingest.ack == "auto") return sqlite ? Ack::stored : Ack::spooled;
  return config.ingest.ack == "spooled" ? Ack::spooled : Ack::stored;
}

std::filesystem::path home_directory(const Config& config) {
  const StoreTarget target = store_target(config);
  return target.kind == StoreKind::sqlite ? target.directory : config.storage.data_dir;
}

}  // namespace logctl::config
