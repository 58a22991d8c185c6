// The migration runner's view of a SQLite store: meta.sqlite, and each day's file as a part.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/schema.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteSchemaStore final : public SchemaStore {
 public:
  SqliteSchemaStore(const Directory& directory, Access access);

  std::string_view migration_set() const override { return "sqlite"; }
  std::vector<LedgerRow> ledger() override;
  std::optional<JournalRow> journal() override;
  std::vector<SchemaObject> objects() override;
  std::vector<SchemaObject> objects_of(std::span<const std::string_view> texts) override;
  std::optional<std::uint64_t> rows_of(std::string_view table, std::uint64_t most) override;
  std::optional<LockHolder> lock_holder() override;
  // The days, as YYYY-MM-DD.
  std::vector<std::string> parts() override;
  std::unique_ptr<SchemaStore> part(const std::string& name) override;
  std::unique_ptr<Lock> lock(microseconds wait) override;

 private:
  const Directory directory_;
  const Access access_;
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
