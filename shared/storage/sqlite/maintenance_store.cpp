#include "shared/storage/sqlite/maintenance_store.h"

#include "shared/storage/process_lock.h"
#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <utility>

namespace logctl::storage::sqlite {
namespace {

class HeldFile final : public MaintenanceStore::Held {
 public:
  explicit HeldFile(ProcessLock lock) : lock_(std::move(lock)) {}

 private:
  ProcessLock lock_;
};

std::filesystem::path lock_path(const Directory& directory) {
  return directory.root() / "maintenance.lock";
}

}  // namespace

SqliteMaintenanceStore::SqliteMaintenanceStore(Directory directory, Access access)
    : directory_(std::move(directory)),
      access_(access),
      connection_(open_meta(directory_, access)) {}

std::unique_ptr<MaintenanceStore::Held> SqliteMaintenanceStore::lock() {
  if (access_ == Access::read_only) {
    throw Error(ErrorCode::storage,
                fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
  }
  const std::filesystem::path path = lock_path(directory_);
  create_file(path);
  std::optional<ProcessLock> lock = ProcessLock::take(path, {}, system_clock().now());
  if (!lock) throw maintenance_lock_error(ProcessLock::holder(path));
  return std::make_unique<HeldFile>(std::move(*lock));
}

std::optional<LockHolder> SqliteMaintenanceStore::lock_holder() {
  return ProcessLock::holder(lock_path(directory_));
}

std::vector<TaskState> SqliteMaintenanceStore::tasks() {
  const Lock lock(mutex_);
  std::vector<TaskState> states;
  Statement select = connection_.prepare(
      "SELECT name, started_at, finished_at, succeeded_at, took_us, done, error, ran_by "
      "FROM maintenance_tasks ORDER BY name");
  while (select.step()) {
    TaskState& state = states.emplace_back();
    state.name = select.text(0);
    state.started_at = from_micros(select.integer(1));
    state.finished_at = select.time(2);
    state.succeeded_at = select.time(3);
    state.took = microseconds(select.integer(4));
    state.done = select.text(5);
    state.error = select.text(6);
    state.ran_by = select.text(7);
  }
  return states;
}

void SqliteMaintenanceStore::save(const TaskState& state) {
  const Lock lock(mutex_);
  Statement upsert = connection_.prepare(
      "INSERT OR REPLACE INTO maintenance_tasks (name, started_at, finished_at, succeeded_at, "
      "took_us, done, error, ran_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
  upsert.bind(1, state.name);
  upsert.bind(2, to_micros(state.started_at));
  upsert.bind_optional(3, state.finished_at);
  upsert.bind_optional(4, state.succeeded_at);
  upsert.bind(5, std::int64_t{state.took.count()});
  upsert.bind(6, state.done);
  upsert.bind(7, state.error);
  upsert.bind(8, state.ran_by);
  upsert.run();
}

}  // namespace logctl::storage::sqlite
