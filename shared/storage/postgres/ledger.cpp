#include "shared/storage/postgres/ledger.h"

#include "shared/storage/postgres/copy_encoder.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kRead = "read the migration ledger";
constexpr std::string_view kWrite = "write the migration ledger";
constexpr std::string_view kReadJournal = "read the migration journal";
constexpr std::string_view kWriteJournal = "write the migration journal";

constexpr std::string_view kMakeLedger =
    "CREATE TABLE IF NOT EXISTS {}schema_migrations ("
    "version bigint PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, "
    "applied_at timestamptz NOT NULL, took_us bigint NOT NULL, tool_version text NOT NULL)";
constexpr std::string_view kMakeJournal =
    "CREATE TABLE IF NOT EXISTS {}schema_journal ("
    "only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), "
    "version bigint NOT NULL, name text NOT NULL, direction text NOT NULL, sha256 text NOT NULL, "
    "done bigint NOT NULL, statements bigint NOT NULL, started_at timestamptz NOT NULL, "
    "holder text NOT NULL, failure text NOT NULL)";

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// In that schema only, whatever the search path finds.
bool is_there(Connection& connection, std::string_view what, const std::string& schema,
              std::string_view table) {
  const Result found = connection.execute(
      what, fmt::format("SELECT 1 FROM pg_class WHERE relname = '{}' AND "
                        "relnamespace = to_regnamespace(quote_ident({}))",
                        table, schema.empty() ? "current_schema()" : connection.quote(schema)));
  return found.rows() > 0;
}

// In front of the name of a table.
std::string prefix(const std::string& schema) { return schema.empty() ? schema : schema + "."; }

}  // namespace

std::vector<LedgerRow> read_ledger(Connection& connection, const std::string& schema) {
  std::vector<LedgerRow> rows;
  if (!is_there(connection, kRead, schema, "schema_migrations")) return rows;
  const Result found = connection.execute(
      kRead,
      fmt::format("SELECT version, name, sha256, (extract(epoch from applied_at)*1000000)::bigint, "
                  "took_us, tool_version FROM {}schema_migrations ORDER BY version",
                  prefix(schema)));
  for (int i = 0; i < found.rows(); ++i) {
    LedgerRow& row = rows.emplace_back();
    row.version = to_integer(found.value(i, 0));
    row.name = found.value(i, 1);
    row.sha256 = found.value(i, 2);
    row.applied_at = from_micros(to_integer(found.value(i, 3)));
    row.took = microseconds(to_integer(found.value(i, 4)));
    row.tool_version = found.value(i, 5);
  }
  return rows;
}

std::optional<JournalRow> read_journal(Connection& connection, const std::string& schema) {
  if (!is_there(connection, kReadJournal, schema, "schema_journal")) return std::nullopt;
  const Result found = connection.execute(
      kReadJournal, fmt::format("SELECT version, name, direction, sha256, done, statements, "
                                "(extract(epoch from started_at)*1000000)::bigint, holder, failure "
                                "FROM {}schema_journal",
                                prefix(schema)));
  if (found.rows() == 0) return std::nullopt;
  JournalRow row;
  row.version = to_integer(found.value(0, 0));
  row.name = found.value(0, 1);
  row.direction = found.value(0, 2) == "down" ? Direction::down : Direction::up;
  row.sha256 = found.value(0, 3);
  row.done = static_cast<std::size_t>(to_integer(found.value(0, 4)));
  row.statements = static_cast<std::size_t>(to_integer(found.value(0, 5)));
  row.started_at = from_micros(to_integer(found.value(0, 6)));
  row.holder = found.value(0, 7);
  row.failure = found.value(0, 8);
  return row;
}

void put_ledger_row(Connection& connection, const std::string& schema, const LedgerRow& row,
                    Existing existing) {
  connection.execute(kWrite, fmt::format(kMakeLedger, prefix(schema)));
  const std::string version = encode_value(row.version);
  const std::string applied = encode_value(row.applied_at);
  const std::string took = encode_value(std::int64_t{row.took.count()});
  const std::array parameters = {
      BinaryParameter{kBigint, version},  BinaryParameter{kText, row.name},
      BinaryParameter{kText, row.sha256}, BinaryParameter{kTime, applied},
      BinaryParameter{kBigint, took},     BinaryParameter{kText, row.tool_version},
  };
  std::string sql = fmt::format(
      "INSERT INTO {}schema_migrations (version, name, sha256, applied_at, took_us, tool_version) "
      "VALUES ($1, $2, $3, $4, $5, $6)",
      prefix(schema));
  if (existing == Existing::replace) {
    sql +=
        " ON CONFLICT (version) DO UPDATE SET name = excluded.name, sha256 = excluded.sha256, "
        "applied_at = excluded.applied_at, took_us = excluded.took_us, "
        "tool_version = excluded.tool_version";
  }
  connection.execute(kWrite, sql, parameters);
}

void remove_ledger_row(Connection& connection, const std::string& schema, std::int64_t version) {
  if (!is_there(connection, kWrite, schema, "schema_migrations")) return;
  connection.execute(kWrite, fmt::format("DELETE FROM {}schema_migrations WHERE version = {}",
                                         prefix(schema), version));
}

void put_journal(Connection& connection, const std::string& schema, const JournalRow& row) {
  connection.execute(kWriteJournal, fmt::format(kMakeJournal, prefix(schema)));
  const std::string version = encode_value(row.version);
  const std::string done = encode_value(static_cast<std::int64_t>(row.done));
  const std::string statements = encode_value(static_cast<std::int64_t>(row.statements));
  const std::string started = encode_value(row.started_at);
  const std::string_view direction = row.direction == Direction::down ? "down" : "up";
  const std::array parameters = {
      BinaryParameter{kBigint, version},   BinaryParameter{kText, row.name},
      BinaryParameter{kText, direction},   BinaryParameter{kText, row.sha256},
      BinaryParameter{kBigint, done},      BinaryParameter{kBigint, statements},
      BinaryParameter{kTime, started},     BinaryParameter{kText, row.holder},
      BinaryParameter{kText, row.failure},
  };
  connection.execute(
      kWriteJournal,
      fmt::format(
          "INSERT INTO {}schema_journal (version, name, direction, sha256, done, statements, "
          "started_at, holder, failure) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
          "ON CONFLICT (only_row) DO UPDATE SET version = excluded.version, name = excluded.name, "
          "direction = excluded.direction, sha256 = excluded.sha256, done = excluded.done, "
          "statements = excluded.statements, started_at = excluded.started_at, "
          "holder = excluded.holder, failure = excluded.failure",
          prefix(schema)),
      parameters);
}

void clear_journal(Connection& connection, const std::string& schema) {
  if (!is_there(connection, kWriteJournal, schema, "schema_journal")) return;
  connection.execute(kWriteJournal, fmt::format("DELETE FROM {}schema_journal", prefix(schema)));
}

}  // namespace logctl::storage::postgres
