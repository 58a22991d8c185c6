// The scratch databases of drills: made on the same server, dropped with their object.
#include "shared/backup/postgres_place.h"
#include "shared/base/error.h"
#include "shared/base/ids.h"
#include "shared/storage/postgres/connection_string.h"
#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>

#include <array>

namespace logctl::backup {
namespace {

using storage::postgres::Connection;
using storage::postgres::quoted_name;
using storage::postgres::Result;
using storage::postgres::ServerError;

constexpr std::string_view kPrefix = "logctl_drill_";
constexpr std::string_view kWhat = "make a scratch database";
constexpr std::string_view kNotAllowed = "42501";

}  // namespace

// Databases of drills that were killed; one that is in use has a connection and stays.
void PostgresPlace::drop_dead_scratch(Connection& connection) const {
  const Result dead = connection.execute(
      kWhat,
      fmt::format("SELECT datname FROM pg_database d WHERE starts_with(datname, '{}') AND NOT "
                  "EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)",
                  kPrefix));
  for (int row = 0; row < dead.rows(); ++row) {
    try {
      connection.execute(kWhat, "DROP DATABASE " + quoted_name(dead.value(row, 0)));
    } catch (const ServerError&) {
      // Somebody else's, or in use by now.
    }
  }
}

std::unique_ptr<Place> PostgresPlace::scratch(const std::filesystem::path&) {
  std::array<unsigned char, 6> bytes{};
  random_bytes(bytes);
  const std::string database = std::string(kPrefix) + to_hex(bytes);
  const std::unique_ptr<Connection> connection = connect();
  drop_dead_scratch(*connection);
  try {
    // Encoding and order of texts as in the original, whatever the server's template has.
    const Result like = connection->execute(
        kWhat,
        "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE "
        "datname = current_database()");
    connection->execute(
        kWhat,
        fmt::format("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE "
                    "{}",
                    quoted_name(database), connection->quote(like.value(0, 0)),
                    connection->quote(like.value(0, 1)), connection->quote(like.value(0, 2))));
  } catch (const ServerError& error) {
    if (error.sqlstate() != kNotAllowed) throw;
    throw Error(ErrorCode::forbidden, error.message(),
                "a drill makes a scratch database: ALTER ROLE ... CREATEDB, or give another server "
                "with --url");
  }
  config::StoreTarget target = target_;
  target.connection = {{"database.url", storage::postgres::with_database(conninfo_, database)}};
  target.shown = "database " + database;
  auto place = std::make_unique<PostgresPlace>(target, settings_, pg_bin_);
  place->vanishing_ = database;
  place->server_ = conninfo_;
  place->hold_ = place->connect();
  return place;
}

PostgresPlace::~PostgresPlace() {
  if (vanishing_.empty()) return;
  try {
    hold_.reset();
    Connection connection(server_);
    connection.execute("drop the scratch database",
                       fmt::format("DROP DATABASE {} WITH (FORCE)", quoted_name(vanishing_)));
  } catch (const Error&) {
    // The next drill drops it.
  }
}

}  // namespace logctl::backup
