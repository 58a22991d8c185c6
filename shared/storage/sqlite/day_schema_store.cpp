#include "shared/storage/sqlite/day_schema_store.h"

#include "shared/storage/sqlite/day_gate.h"
#include "shared/storage/sqlite/ledger.h"
#include "shared/storage/sqlite/migration_lock.h"
#include "shared/storage/sqlite/schema_objects.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kBusyTimeout = seconds(5);

Connection open_day(const Directory& directory, Day day, Access access) {
  const DayGate opening(directory.logs(), Sharing::shared);
  Connection connection(directory.day_file(day),
                        access == Access::read_only ? Mode::read_only : Mode::read_write,
                        kBusyTimeout);
  if (access == Access::read_write) connection.execute("PRAGMA synchronous = FULL");
  try {
    connection.scalar("PRAGMA user_version");  // opens the log too
  } catch (const Error&) {
    // Whoever asks for something will hear it.
  }
  return connection;
}

}  // namespace

DaySchemaStore::DaySchemaStore(const Directory& directory, Day day, Access access)
    : directory_(directory),
      day_(day),
      access_(access),
      connection_(open_day(directory, day, access)) {}

std::vector<LedgerRow> DaySchemaStore::ledger() {
  const std::int64_t version = connection_.scalar("PRAGMA user_version");
  std::vector<LedgerRow> rows = read_ledger(connection_);
  std::erase_if(rows, [&](const LedgerRow& row) { return row.version > version; });
  for (std::int64_t v = 1; v <= version; ++v) {
    const auto same = [&](const LedgerRow& row) { return row.version == v; };
    if (std::any_of(rows.begin(), rows.end(), same)) continue;
    LedgerRow& row = rows.emplace_back();
    row.version = v;
  }
  std::sort(rows.begin(), rows.end(),
            [](const LedgerRow& a, const LedgerRow& b) { return a.version < b.version; });
  return rows;
}

std::vector<SchemaObject> DaySchemaStore::objects() { return read_objects(connection_); }

std::vector<SchemaObject> DaySchemaStore::objects_of(std::span<const std::string_view> texts) {
  return objects_made_by(texts);
}

std::optional<std::uint64_t> DaySchemaStore::rows_of(std::string_view table, std::uint64_t most) {
  return count_rows(connection_, table, most);
}

std::optional<LockHolder> DaySchemaStore::lock_holder() {
  return ProcessLock::holder(directory_.lock_file());
}

std::unique_ptr<SchemaStore::Lock> DaySchemaStore::lock(microseconds wait) {
  if (access_ == Access::read_only) {
    throw Error(ErrorCode::storage,
                fmt::format("sqlite '{}': opened for reading only", connection_.file().string()));
  }
  return std::make_unique<MigrationLock>(directory_, wait, open_day(directory_, day_, access_),
                                         MigrationLock::Version::user_version);
}

}  // namespace logctl::storage::sqlite
