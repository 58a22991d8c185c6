#include "shared/storage/sqlite/ledger.h"

#include <string>

namespace logctl::storage::sqlite {
namespace {

constexpr const char* kCreateLedger =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version      INTEGER PRIMARY KEY,"
    "  name         TEXT NOT NULL,"
    "  sha256       TEXT NOT NULL,"
    "  applied_at   INTEGER NOT NULL,"
    "  took_us      INTEGER NOT NULL,"
    "  tool_version TEXT NOT NULL"
    ") STRICT";
constexpr const char* kCreateJournal =
    "CREATE TABLE IF NOT EXISTS schema_journal ("
    "  only_row   INTEGER PRIMARY KEY CHECK (only_row = 1),"
    "  version    INTEGER NOT NULL,"
    "  name       TEXT NOT NULL,"
    "  direction  TEXT NOT NULL,"
    "  sha256     TEXT NOT NULL,"
    "  done       INTEGER NOT NULL,"
    "  statements INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  holder     TEXT NOT NULL,"
    "  failure    TEXT NOT NULL"
    ") STRICT";

}  // namespace

bool has_table(Connection& connection, std::string_view table) {
  Statement select =
      connection.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
  select.bind(1, table);
  return select.step();
}

std::vector<LedgerRow> read_ledger(Connection& connection) {
  std::vector<LedgerRow> rows;
  if (!has_table(connection, "schema_migrations")) return rows;
  Statement select = connection.prepare(
      "SELECT version, name, sha256, applied_at, took_us, tool_version FROM schema_migrations "
      "ORDER BY version");
  while (select.step()) {
    rows.push_back({select.integer(0), std::string(select.text(1)), std::string(select.text(2)),
                    from_micros(select.integer(3)), microseconds(select.integer(4)),
                    std::string(select.text(5))});
  }
  return rows;
}

std::optional<JournalRow> read_journal(Connection& connection) {
  if (!has_table(connection, "schema_journal")) return std::nullopt;
  Statement select = connection.prepare(
      "SELECT version, name, direction, sha256, done, statements, started_at, holder, failure "
      "FROM schema_journal");
  if (!select.step()) return std::nullopt;
  JournalRow row;
  row.version = select.integer(0);
  row.name = select.text(1);
  row.direction = select.text(2) == "down" ? Direction::down : Direction::up;
  row.sha256 = select.text(3);
  row.done = static_cast<std::size_t>(select.integer(4));
  row.statements = static_cast<std::size_t>(select.integer(5));
  row.started_at = from_micros(select.integer(6));
  row.holder = select.text(7);
  row.failure = select.text(8);
  return row;
}

void put_ledger_row(Connection& connection, const LedgerRow& row) {
  connection.execute(kCreateLedger);
  Statement insert = connection.prepare(
      "INSERT OR REPLACE INTO schema_migrations (version, name, sha256, applied_at, took_us, "
      "tool_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  insert.bind(1, row.version);
  insert.bind(2, row.name);
  insert.bind(3, row.sha256);
  insert.bind(4, to_micros(row.applied_at));
  insert.bind(5, std::int64_t{row.took.count()});
  insert.bind(6, row.tool_version);
  insert.run();
}

void remove_ledger_row(Connection& connection, std::int64_t version) {
  if (!has_table(connection, "schema_migrations")) return;
  Statement remove = connection.prepare("DELETE FROM schema_migrations WHERE version = ?1");
  remove.bind(1, version);
  remove.run();
}

void put_journal(Connection& connection, const JournalRow& row) {
  connection.execute(kCreateJournal);
  Statement insert = connection.prepare(
      "INSERT OR REPLACE INTO schema_journal (only_row, version, name, direction, sha256, done, "
      "statements, started_at, holder, failure) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  insert.bind(1, row.version);
  insert.bind(2, row.name);
  insert.bind(3, row.direction == Direction::down ? std::string_view("down") : "up");
  insert.bind(4, row.sha256);
  insert.bind(5, static_cast<std::int64_t>(row.done));
  insert.bind(6, static_cast<std::int64_t>(row.statements));
  insert.bind(7, to_micros(row.started_at));
  insert.bind(8, row.holder);
  insert.bind(9, row.failure);
  insert.run();
}

void clear_journal(Connection& connection) {
  if (has_table(connection, "schema_journal")) connection.execute("DELETE FROM schema_journal");
}

}  // namespace logctl::storage::sqlite
