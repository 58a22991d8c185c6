// Maintenance of a PostgreSQL store: its state in a table, its lock an advisory one on a connection
// of its own, whose name says who holds it.
#pragma once

#include "shared/storage/maintenance.h"
#include "shared/storage/postgres/pool.h"

#include <memory>
#include <string>

namespace logctl::storage::postgres {

class PostgresMaintenanceStore final : public MaintenanceStore {
 public:
  PostgresMaintenanceStore(std::string conninfo, std::shared_ptr<Pool> pool);

  std::unique_ptr<Held> lock() override;
  std::optional<LockHolder> lock_holder() override;
  std::vector<TaskState> tasks() override;
  void save(const TaskState& state) override;

 private:
  const std::string conninfo_;
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
