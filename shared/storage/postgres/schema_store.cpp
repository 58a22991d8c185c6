#include "shared/storage/postgres/schema_store.h"

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/ledger.h"
#include "shared/storage/postgres/migration_lock.h"
#include "shared/storage/postgres/schema_objects.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kMessageDb = "message-db";

}  // namespace

PostgresSchemaStore::PostgresSchemaStore(std::string conninfo, Partitioning partitioning)
    : PostgresSchemaStore(std::move(conninfo), partitioning, "postgres", "") {}

PostgresSchemaStore::PostgresSchemaStore(std::string conninfo, Partitioning partitioning,
                                         std::string set, std::string schema)
    : conninfo_(std::move(conninfo)),
      partitioning_(partitioning),
      set_(std::move(set)),
      schema_(std::move(schema)) {}

std::vector<std::string> PostgresSchemaStore::features() {
  if (!schema_.empty()) return {};
  return {std::string(kMessageDb)};
}

std::unique_ptr<SchemaStore> PostgresSchemaStore::feature(const std::string& name) {
  if (!schema_.empty() || name != kMessageDb) return SchemaStore::feature(name);
  return std::unique_ptr<SchemaStore>(
      new PostgresSchemaStore(conninfo_, partitioning_, "postgres-message-db", "message_store"));
}

std::vector<LedgerRow> PostgresSchemaStore::ledger() {
  Connection connection(conninfo_);
  return read_ledger(connection, schema_);
}

std::optional<JournalRow> PostgresSchemaStore::journal() {
  Connection connection(conninfo_);
  return read_journal(connection, schema_);
}

std::vector<SchemaObject> PostgresSchemaStore::objects() {
  Connection connection(conninfo_);
  return read_objects(connection, schema_);
}

std::vector<SchemaObject> PostgresSchemaStore::objects_of(std::span<const std::string_view> texts) {
  Connection connection(conninfo_);
  return objects_made_by(connection, texts, schema_);
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
  return take_migration_lock(conninfo_, schema_, wait, partitioning_);
}

}  // namespace logctl::storage::postgres
