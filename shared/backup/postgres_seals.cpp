#include "shared/backup/postgres_seals.h"

#include "shared/backup/postgres_hypertable.h"
#include "shared/storage/postgres/table_copy.h"

#include <fmt/format.h>

#include <charconv>

namespace logctl::backup {
namespace {

using storage::postgres::Connection;
using storage::postgres::Result;
using storage::postgres::ServerError;

constexpr std::string_view kWhat = "seal a partition";
// lock_not_available, deadlock_detected
constexpr std::string_view kLockTimeout = "55P03";
constexpr std::string_view kDeadlock = "40P01";

// The token of a seal that holds: nothing was changed since, and its triggers are in force.
constexpr const char* kToken =
    "CASE WHEN s.token IS NOT NULL AND NOT EXISTS (SELECT 1 FROM backup_changes x WHERE "
    "x.partition = c.relname) AND (SELECT count(*) = 2 FROM pg_trigger t WHERE t.tgrelid = c.oid "
    "AND t.tgname IN ('backup_seal', 'backup_seal_truncate') AND t.tgenabled <> 'D') THEN s.token "
    "ELSE '' END";

// Triggers do not hear of a changed table: its columns are part of what is compared.
constexpr const char* kColumns =
    "(SELECT encode(sha256(convert_to(string_agg(a.attname || ' ' || format_type(a.atttypid, "
    "a.atttypmod), ',' ORDER BY a.attnum), 'UTF8')), 'hex') FROM pg_attribute a WHERE a.attrelid = "
    "c.oid AND a.attnum > 0 AND NOT a.attisdropped)";

void add_triggers(Connection& connection, const std::string& table) {
  connection.execute(
      kWhat,
      fmt::format("CREATE TRIGGER backup_seal AFTER INSERT OR UPDATE OR DELETE ON {0} FOR EACH "
                  "ROW EXECUTE FUNCTION note_backup_change(); "
                  "CREATE TRIGGER backup_seal_truncate AFTER TRUNCATE ON {0} FOR EACH STATEMENT "
                  "EXECUTE FUNCTION note_backup_change()",
                  table));
}

}  // namespace

bool has_seals(Connection& connection) {
  const Result found =
      connection.execute("look for seals", "SELECT to_regclass('backup_seals') IS NOT NULL");
  return found.value(0, 0) == "t";
}

std::vector<DayPartition> list_partitions(Connection& connection) {
  const bool sealed = has_seals(connection);
  const Result found = connection.execute(
      "list the partitions",
      fmt::format(
          "SELECT c.relname, {}, {}, pg_table_size(c.oid) FROM pg_inherits i JOIN "
          "pg_class c ON c.oid = i.inhrelid {} WHERE i.inhparent = 'logs'::regclass ORDER BY "
          "c.relname COLLATE \"C\"",
          sealed ? kToken : "''", kColumns,
          sealed ? "LEFT JOIN backup_seals s ON s.partition = c.relname" : ""));
  const std::map<std::string, std::uint64_t> compressed = compressed_bytes(connection);
  std::vector<DayPartition> partitions;
  for (int row = 0; row < found.rows(); ++row) {
    DayPartition& partition = partitions.emplace_back();
    partition.name = found.value(row, 0);
    partition.token = found.value(row, 1);
    partition.columns = found.value(row, 2);
    const std::string_view size = found.value(row, 3);
    std::from_chars(size.data(), size.data() + size.size(), partition.bytes);
    if (const auto more = compressed.find(partition.name); more != compressed.end()) {
      partition.bytes += more->second;
    }
  }
  return partitions;
}

void put_seals_back(Connection& connection) {
  if (!has_seals(connection)) return;
  const Result sealed = connection.execute(
      kWhat,
      "SELECT s.partition FROM backup_seals s WHERE EXISTS (SELECT 1 FROM pg_inherits i JOIN "
      "pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'logs'::regclass AND "
      "c.relname = s.partition AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid "
      "AND t.tgname = 'backup_seal'))");
  for (int row = 0; row < sealed.rows(); ++row) {
    add_triggers(connection, storage::postgres::quoted_name(sealed.value(row, 0)));
  }
}

bool seal(Connection& connection, const std::string& partition, const std::string& token) {
  const std::string table = storage::postgres::quoted_name(partition);
  const std::string name = connection.quote(partition);
  try {
    connection.execute(kWhat,
                       "BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = 0");
    // Who has written has committed when this returns, and who writes later meets the triggers.
    connection.execute(kWhat, fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", table));
    const Result there = connection.execute(
        kWhat,
        fmt::format("SELECT count(*) FROM pg_trigger WHERE tgrelid = {}::regclass AND tgname "
                    "IN ('backup_seal', 'backup_seal_truncate')",
                    connection.quote(table)));
    if (there.value(0, 0) == "0") add_triggers(connection, table);
    connection.execute(
        kWhat,
        fmt::format(
            "DELETE FROM backup_changes WHERE partition = {0}; "
            "INSERT INTO backup_seals (partition, token, sealed_at) VALUES ({0}, {1}, now()) "
            "ON CONFLICT (partition) DO UPDATE SET token = excluded.token, sealed_at = "
            "excluded.sealed_at; COMMIT",
            name, connection.quote(token)));
    return true;
  } catch (const ServerError& error) {
    if (!connection.broken()) connection.execute(kWhat, "ROLLBACK");
    if (error.sqlstate() == kLockTimeout || error.sqlstate() == kDeadlock) return false;
    throw;
  }
}

}  // namespace logctl::backup
