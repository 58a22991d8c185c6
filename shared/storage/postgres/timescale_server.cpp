#include "shared/storage/postgres/timescale_server.h"

#include <fmt/format.h>

#include <string_view>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "look for TimescaleDB";

// The installed version, else the one that would be made; whether it is old, loaded, restricted,
// there, and whether the role may make it. The loader knows its setting only when it is preloaded.
constexpr const char* kState =
    "SELECT coalesce(installed_version, default_version), "
    "string_to_array(substring(coalesce(installed_version, default_version) from '^[0-9.]+'), "
    "'.')::int[] < ARRAY[2, 21], "
    "current_setting('timescaledb.disable_load', true) IS NOT NULL, "
    "coalesce(current_setting('timescaledb.license', true), '') = 'apache', "
    "installed_version IS NOT NULL, "
    "has_database_privilege(current_database(), 'CREATE'), current_database() "
    "FROM pg_available_extensions WHERE name = 'timescaledb'";

constexpr const char* kSchema =
    "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = "
    "e.extnamespace WHERE e.extname = 'timescaledb'";

}  // namespace

std::optional<Obstacle> find_obstacle(Connection& connection) {
  const Result state = connection.execute(kWhat, kState);
  if (state.rows() == 0) {
    return Obstacle{"the server has no extension timescaledb", "install TimescaleDB on the server"};
  }
  const auto is = [&state](int column) { return state.value(0, column) == "t"; };
  if (is(1)) {
    return Obstacle{
        fmt::format("the server has TimescaleDB {}, expected 2.21 or newer", state.value(0, 0)),
        "update the extension"};
  }
  if (!is(2)) {
    return Obstacle{"TimescaleDB is installed, but the server does not load it",
                    "add timescaledb to shared_preload_libraries and restart the server"};
  }
  if (is(3)) {
    return Obstacle{"the server's timescaledb.license is `apache`, which has no compression",
                    "set timescaledb.license to `timescale`"};
  }
  if (!is(4) && !is(5)) {
    return Obstacle{
        "the extension timescaledb is not in the database, and the role may not make it",
        fmt::format("run `CREATE EXTENSION timescaledb` in {} as its owner", state.value(0, 6))};
  }
  return std::nullopt;
}

void make_extension(Connection& connection) {
  if (connection.execute(kWhat, kSchema).rows() > 0) return;
  // In `public` where that is allowed: it belongs to the database, not to one store in it.
  const Result place = connection.execute(
      kWhat, "SELECT coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false)");
  // Two at once would collide.
  connection.execute("make the extension timescaledb",
                     fmt::format("SELECT pg_advisory_xact_lock(hashtext('logctl timescaledb')); "
                                 "CREATE EXTENSION IF NOT EXISTS timescaledb{}",
                                 place.value(0, 0) == "t" ? " SCHEMA public" : ""));
}

std::string extension_schema(Connection& connection) {
  const Result found = connection.execute(kWhat, kSchema);
  if (found.rows() == 0) {
    throw Error(ErrorCode::storage, "the database has no extension timescaledb",
                "run `CREATE EXTENSION timescaledb` in it");
  }
  return std::string(found.value(0, 0));
}

}  // namespace logctl::storage::postgres
