#include "shared/storage/postgres/schema_store.h"

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/ledger.h"
#include "shared/storage/postgres/migration_lock.h"
#include "shared/storage/postgres/schema_objects.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace logctl::storage::postgres {

PostgresSchemaStore::PostgresSchemaStore(std::string conninfo, Partitioning partitioning)
    : conninfo_(std::move(conninfo)), partitioning_(partitioning) {}

std::vector<LedgerRow> PostgresSchemaStore::ledger() {
  Connection connection(conninfo_);
  return read_ledger(connection);
}

std::optional<JournalRow> PostgresSchemaStore::journal() {
  Connection connection(conninfo_);
  return read_journal(connection);
}

std::vector<SchemaObject> PostgresSchemaStore::objects() {
  Connection connection(conninfo_);
  return read_objects(connection);
}

std::vector<SchemaObject> PostgresSchemaStore::objects_of(std::span<const std::string_view> texts) {
  Connection connection(conninfo_);
  return objects_made_by(connection, texts);
}

std::optional<std::uint64_t> PostgresSchemaStore::rows_of(std::string_view table,
                                                          std::uint64_t most) {
  Connection connection(conninfo_);
  const std::string what = fmt::format("count the rows of {}", table);
  const Result there = connection.execute(
      what, fmt::format("SELECT to_regclass({}) IS NOT NULL", connection.quote(table)));
  if (there.value(0, 0) != "t") return std::nullopt;
  const Result counted = connection.execute(
      what,
      fmt::format("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS counted", table, most));
  const std::string_view text = counted.value(0, 0);
  std::uint64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

std::optional<LockHolder> PostgresSchemaStore::lock_holder() {
  Connection connection(conninfo_);
  return holder_of_lock(connection);
}

std::unique_ptr<SchemaStore::Lock> PostgresSchemaStore::lock(microseconds wait) {
  return take_migration_lock(conninfo_, wait, partitioning_);
}

}  // namespace logctl::storage::postgres
