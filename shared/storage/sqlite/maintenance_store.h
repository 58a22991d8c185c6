// Maintenance of a SQLite store: its state in meta.sqlite, its lock on maintenance.lock, which says
// who holds it and ends with its process.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/maintenance.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

namespace logctl::storage::sqlite {

class SqliteMaintenanceStore final : public MaintenanceStore {
 public:
  SqliteMaintenanceStore(Directory directory, Access access);

  std::unique_ptr<Held> lock() override;
  std::optional<LockHolder> lock_holder() override;
  std::vector<TaskState> tasks() override;
  void save(const TaskState& state) override;

 private:
  const Directory directory_;
  const Access access_;
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
