#include "shared/storage/postgres/timescale.h"

#include "shared/base/error.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/table_copy.h"
#include "shared/storage/postgres/timescale_server.h"

#include <fmt/format.h>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "make a hypertable";

constexpr const char* kIsHypertable =
    "SELECT EXISTS (SELECT 1 FROM pg_class WHERE oid = to_regclass('logs') AND relkind = 'r')";
constexpr const char* kHasDays =
    "SELECT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'logs'::regclass)";
// What others may do with `logs`, as statements; a table made anew has none of it.
constexpr const char* kGrants =
    "SELECT coalesce(string_agg(format('GRANT %s ON logs TO %s%s', privilege_type, "
    "CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, "
    "CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), '; '), '') "
    "FROM pg_class, aclexplode(relacl) WHERE oid = 'logs'::regclass AND grantee <> relowner";

// The order of the key, backwards as pages are read: a compressed page needs no sorting, and no
// column is cut into segments, which many small tenants would make tiny.
constexpr const char* kCompression =
    "ALTER TABLE logs SET (timescaledb.compress, timescaledb.compress_segmentby = '', "
    "timescaledb.compress_orderby = 'timestamp DESC, event_id DESC, tenant DESC')";

// As step 7 makes them, but for what a hypertable does not let triggers see.
constexpr const char* kRowTriggers =
    "CREATE TRIGGER logs_uncount AFTER DELETE ON logs FOR EACH ROW "
    "EXECUTE FUNCTION uncount_deleted_row(); "
    "CREATE TRIGGER logs_forget_counts AFTER TRUNCATE ON logs FOR EACH STATEMENT "
    "EXECUTE FUNCTION forget_counts()";
constexpr const char* kStatementTriggers =
    "CREATE TRIGGER logs_uncount AFTER DELETE ON logs REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION uncount_deleted(); "
    "CREATE TRIGGER logs_forget_counts AFTER TRUNCATE ON logs FOR EACH STATEMENT "
    "EXECUTE FUNCTION forget_counts()";

std::int64_t unix_microseconds(std::chrono::sys_days day) {
  return microseconds(day.time_since_epoch()).count();
}

std::int64_t unix_seconds(std::chrono::sys_days day) {
  return std::chrono::seconds(day.time_since_epoch()).count();
}

std::string scalar(Connection& connection, const std::string& sql) {
  return std::string(connection.execute(kWhat, sql).value(0, 0));
}

Error unavailable(const Obstacle& obstacle) {
  return {ErrorCode::config, "storage.partitioning: `timescale` is not possible: " + obstacle.why,
          obstacle.hint + "; or set storage.partitioning to `auto` or `native`"};
}

std::vector<std::string> chunk_names(Connection& connection) {
  const Result found = connection.execute(
      kWhat,
      "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "WHERE i.inhparent = 'logs'::regclass ORDER BY c.relname");
  std::vector<std::string> names;
  for (int row = 0; row < found.rows(); ++row) names.emplace_back(found.value(row, 0));
  return names;
}

}  // namespace

Partitioning parse_partitioning(std::string_view text) {
  if (text == "native") return Partitioning::native;
  return text == "timescale" ? Partitioning::timescale : Partitioning::automatic;
}

bool is_hypertable(Connection& connection) {
  // A table that is cut by time is either one or a partitioned table.
  return connection.execute("look at the table", kIsHypertable).value(0, 0) == "t";
}

void choose_partitioning(Connection& connection, Partitioning wanted) {
  if (wanted == Partitioning::native || is_hypertable(connection)) return;
  if (scalar(connection, kHasDays) == "t") {
    if (wanted == Partitioning::automatic) return;
    throw Error(ErrorCode::conflict,
                "storage.partitioning: this store has day partitions, which `timescale` does not "
                "turn into chunks",
                "set it to `auto` or `native`; to move the records, export them and load them into "
                "a new store");
  }
  if (const auto obstacle = find_obstacle(connection)) {
    if (wanted == Partitioning::automatic) return;
    throw unavailable(*obstacle);
  }
  connection.execute(kWhat, "SAVEPOINT hypertable");
  try {
    make_extension(connection);
    make_hypertable(connection);
  } catch (const ServerError& error) {
    if (wanted == Partitioning::timescale || error.fault() == Fault::connection) throw;
    connection.execute(kWhat, "ROLLBACK TO SAVEPOINT hypertable");
  }
  connection.execute(kWhat, "RELEASE SAVEPOINT hypertable");
}

void require_timescale(Connection& connection) {
  if (const auto obstacle = find_obstacle(connection)) throw unavailable(*obstacle);
  make_extension(connection);
}

void make_hypertable(Connection& connection) {
  const std::string grants = scalar(connection, kGrants);
  connection.execute(kWhat,
                     "CREATE TABLE logs_plain (LIKE logs INCLUDING ALL); DROP TABLE logs; "
                     "ALTER TABLE logs_plain RENAME TO logs; "
                     "ALTER INDEX logs_plain_pkey RENAME TO logs_pkey");
  turn_into_hypertable(connection);
  connection.execute(kWhat, kRowTriggers);
  if (!grants.empty()) connection.execute(kWhat, grants);
}

void turn_into_hypertable(Connection& connection) {
  connection.execute(
      kWhat, fmt::format("SELECT {}.create_hypertable('logs', 'timestamp', "
                         "chunk_time_interval => interval '1 day', create_default_indexes => "
                         "false, associated_schema_name => current_schema()); {}",
                         extension_schema(connection), kCompression));
}

void make_partitioned(Connection& connection) {
  for (const std::chrono::sys_days day : stray_chunks(connection)) make_chunk(connection, day);
  const std::string grants = scalar(connection, kGrants);
  const std::vector<std::string> chunks = chunk_names(connection);
  connection.execute(kWhat,
                     "ALTER TABLE logs RENAME TO logs_hypertable; "
                     "ALTER INDEX logs_pkey RENAME TO logs_hypertable_pkey; "
                     "CREATE TABLE logs (LIKE logs_hypertable INCLUDING ALL) "
                     "PARTITION BY RANGE (timestamp)");
  for (const std::string& name : chunks) {
    const auto day = partition_day(name);
    if (!day) {
      throw Error(ErrorCode::conflict,
                  fmt::format("chunk {} is not of one day, so it cannot become a partition", name),
                  "move its records to chunks of one day first");
    }
    connection.execute(
        "move a chunk",
        fmt::format("ALTER TABLE {0} RENAME TO logs_moving; "
                    "CREATE TABLE {0} (LIKE logs INCLUDING ALL); "
                    "INSERT INTO {0} SELECT * FROM logs_moving; "
                    "ALTER TABLE logs ATTACH PARTITION {0} "
                    "FOR VALUES FROM (to_timestamp({1})) TO (to_timestamp({2})); "
                    "DROP TABLE logs_moving",
                    name, unix_seconds(*day), unix_seconds(*day + std::chrono::days(1))));
  }
  connection.execute(kWhat, fmt::format("DROP TABLE logs_hypertable; {}", kStatementTriggers));
  if (!grants.empty()) connection.execute(kWhat, grants);
}

bool make_chunk(Connection& connection, std::chrono::sys_days day) {
  constexpr std::string_view kMake = "make a chunk";
  const std::string name = partition_name(day);
  const Result made = connection.execute(
      kMake,
      fmt::format("SELECT created, quote_ident(schema_name), quote_ident(table_name), "
                  "schema_name = current_schema(), table_name = '{0}' "
                  "FROM _timescaledb_functions.create_chunk('logs', "
                  "'{{\"timestamp\": [{1}, {2}]}}'::jsonb, current_schema(), '{0}')",
                  name, unix_microseconds(day), unix_microseconds(day + std::chrono::days(1))));
  const std::string schema(made.value(0, 1));
  const std::string table(made.value(0, 2));
  if (made.value(0, 4) != "t") {
    connection.execute(kMake, fmt::format("ALTER TABLE {}.{} RENAME TO {}", schema, table, name));
  }
  if (made.value(0, 3) != "t") {
    const Result here = connection.execute(kMake, "SELECT quote_ident(current_schema())");
    connection.execute(
        kMake, fmt::format("ALTER TABLE {}.{} SET SCHEMA {}", schema, name, here.value(0, 0)));
  }
  return made.value(0, 0) == "t";
}

std::vector<std::chrono::sys_days> stray_chunks(Connection& connection) {
  std::vector<std::chrono::sys_days> days;
  if (!is_hypertable(connection)) return days;
  bool strange = false;
  for (const std::string& name : chunk_names(connection)) strange |= !partition_day(name);
  if (!strange) return days;
  const Result found = connection.execute(
      "look for chunks",
      "SELECT (extract(epoch FROM range_start) / 86400)::bigint, chunk_name "
      "FROM timescaledb_information.chunks WHERE hypertable_schema = current_schema() AND "
      "hypertable_name = 'logs' AND range_end - range_start = interval '1 day' AND "
      "range_start = date_trunc('day', range_start AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' "
      "ORDER BY 1");
  for (int row = 0; row < found.rows(); ++row) {
    if (partition_day(found.value(row, 1))) continue;
    days.emplace_back(std::chrono::days(std::stol(std::string(found.value(row, 0)))));
  }
  return days;
}

}  // namespace logctl::storage::postgres
