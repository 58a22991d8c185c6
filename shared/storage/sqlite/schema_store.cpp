#include "shared/storage/sqlite/schema_store.h"

#include "shared/base/time_text.h"
#include "shared/storage/sqlite/day_schema_store.h"
#include "shared/storage/sqlite/ledger.h"
#include "shared/storage/sqlite/meta.h"
#include "shared/storage/sqlite/migration_lock.h"
#include "shared/storage/sqlite/schema_objects.h"

#include <fmt/format.h>

#include <optional>

namespace logctl::storage::sqlite {

SqliteSchemaStore::SqliteSchemaStore(const Directory& directory, Access access)
    : directory_(directory), access_(access), connection_(open_meta(directory, access)) {}

std::vector<LedgerRow> SqliteSchemaStore::ledger() {
  const logctl::Lock lock(mutex_);
  return read_ledger(connection_);
}

std::optional<JournalRow> SqliteSchemaStore::journal() {
  const logctl::Lock lock(mutex_);
  return read_journal(connection_);
}

std::vector<SchemaObject> SqliteSchemaStore::objects() {
  const logctl::Lock lock(mutex_);
  return read_objects(connection_);
}

std::vector<SchemaObject> SqliteSchemaStore::objects_of(std::span<const std::string_view> texts) {
  return objects_made_by(texts);
}

std::optional<std::uint64_t> SqliteSchemaStore::rows_of(std::string_view table,
                                                        std::uint64_t most) {
  const logctl::Lock lock(mutex_);
  return count_rows(connection_, table, most);
}

std::optional<LockHolder> SqliteSchemaStore::lock_holder() {
  return ProcessLock::holder(directory_.lock_file());
}

std::vector<std::string> SqliteSchemaStore::parts() {
  std::vector<std::string> names;
  for (const Day day : directory_.days()) names.push_back(format_day(day));
  return names;
}

std::unique_ptr<SchemaStore> SqliteSchemaStore::part(const std::string& name) {
  const auto day = parse_day(name);
  if (!day) return SchemaStore::part(name);
  return std::make_unique<DaySchemaStore>(directory_, *day, access_);
}

std::unique_ptr<SchemaStore::Lock> SqliteSchemaStore::lock(microseconds wait) {
  if (access_ == Access::read_only) {
    throw Error(ErrorCode::storage,
                fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
  }
  return std::make_unique<MigrationLock>(directory_, wait, open_meta(directory_, access_),
                                         MigrationLock::Version::ledger_only);
}

}  // namespace logctl::storage::sqlite
