#include "shared/storage/postgres/maintenance_store.h"

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/session_lock.h"

#include <string_view>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kLock = "logctl maintenance";
constexpr const char* kSelect =
    "SELECT name, (extract(epoch from started_at)*1000000)::bigint, "
    "(extract(epoch from finished_at)*1000000)::bigint, "
    "(extract(epoch from succeeded_at)*1000000)::bigint, took_us, done, error, ran_by "
    "FROM maintenance_tasks ORDER BY name";
constexpr const char* kSave =
    "INSERT INTO maintenance_tasks (name, started_at, finished_at, succeeded_at, took_us, done, "
    "error, ran_by) VALUES ($1, $2::timestamptz, $3::timestamptz, $4::timestamptz, $5::bigint, $6, "
    "$7, $8) ON CONFLICT (name) DO UPDATE SET started_at = excluded.started_at, "
    "finished_at = excluded.finished_at, succeeded_at = excluded.succeeded_at, "
    "took_us = excluded.took_us, done = excluded.done, error = excluded.error, "
    "ran_by = excluded.ran_by";

class HeldConnection final : public MaintenanceStore::Held {
 public:
  explicit HeldConnection(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

 private:
  std::unique_ptr<Connection> connection_;  // closing it ends the lock
};

}  // namespace

PostgresMaintenanceStore::PostgresMaintenanceStore(std::string conninfo, std::shared_ptr<Pool> pool)
    : conninfo_(std::move(conninfo)), pool_(std::move(pool)) {}

std::unique_ptr<MaintenanceStore::Held> PostgresMaintenanceStore::lock() {
  auto connection = std::make_unique<Connection>(conninfo_);
  if (!try_session_lock(*connection, kLock)) {
    throw maintenance_lock_error(session_lock_holder(*connection, kLock));
  }
  name_connection(*connection, encode(this_process(system_clock().now())));
  return std::make_unique<HeldConnection>(std::move(connection));
}

std::optional<LockHolder> PostgresMaintenanceStore::lock_holder() {
  Connection connection(conninfo_);
  return session_lock_holder(connection, kLock);
}

std::vector<TaskState> PostgresMaintenanceStore::tasks() {
  std::vector<TaskState> states;
  pool_->read("read the state of maintenance", [&](Session& session) {
    states.clear();
    for (const auto& row : session.run(kSelect)) {
      TaskState& state = states.emplace_back();
      state.name = row[0].c_str();
      state.started_at = read_time(row[1]).value_or(Timestamp{});
      state.finished_at = read_time(row[2]);
      state.succeeded_at = read_time(row[3]);
      state.took = microseconds(read_integer(row[4]));
      state.done = row[5].c_str();
      state.error = row[6].c_str();
      state.ran_by = row[7].c_str();
    }
  });
  return states;
}

void PostgresMaintenanceStore::save(const TaskState& state) {
  pool_->change("note the state of maintenance", [&](Session& session) {
    session.run(kSave, {state.name, time_text(state.started_at), time_value(state.finished_at),
                        time_value(state.succeeded_at), std::to_string(state.took.count()),
                        state.done, state.error, state.ran_by});
  });
}

}  // namespace logctl::storage::postgres
