// The migration ledger in meta.sqlite.
//
// The lock is a file lock on migrate.lock, which holds the process id of its owner: it spans the
// transactions of several steps and ends with its process, however that ends.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/store.h"

#include <memory>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteSchemaStore final : public SchemaStore {
 public:
  SqliteSchemaStore(const Directory& directory, Access access);

  std::string_view migration_set() const override { return "sqlite"; }
  std::vector<LedgerRow> ledger() override;
  std::unique_ptr<Lock> lock(microseconds wait) override;

 private:
  class MigrationLock;

  const Directory directory_;
  const Access access_;
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
