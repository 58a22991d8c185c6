// What the store remembers about maintenance, and the lock that lets one instance do it.
//
// Threads and errors as storage/store.h.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/lock_holder.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage {

// The last run of a task.
struct TaskState {
  std::string name;
  Timestamp started_at{};
  std::optional<Timestamp> finished_at;   // nothing: it runs, or was cut off
  std::optional<Timestamp> succeeded_at;  // of the last run without an error
  microseconds took{};
  std::string done;    // what it did, in a few words
  std::string error;   // empty: none
  std::string ran_by;  // process 4711 on db1
};

class MaintenanceStore {
 public:
  virtual ~MaintenanceStore() = default;

  // Held until destroyed, or until the process or its connection ends.
  class Held {
   public:
    virtual ~Held() = default;
  };
  // Does not wait: throws Error{locked} that names the holder.
  virtual std::unique_ptr<Held> lock() = 0;
  virtual std::optional<LockHolder> lock_holder() = 0;

  // By name.
  virtual std::vector<TaskState> tasks() = 0;
  // Adds it or replaces the one of that name.
  virtual void save(const TaskState& state) = 0;
};

// What lock() throws.
Error maintenance_lock_error(const std::optional<LockHolder>& holder);

}  // namespace logctl::storage
