// What maintenance is made of: one row per task.
//
// A task is a function over a store. It runs while the lock of maintenance is held, on the thread
// of whoever runs it; it may run for long and says in between how far it is. It must be safe to be
// killed at any point: the next run goes on.
#pragma once

#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/storage/backend.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::maintenance {

struct TaskInput {
  storage::Backend& backend;
  const config::Config& config;
  Timestamp now{};
  bool dry_run = false;    // say what would be done, change nothing
  bool confirmed = false;  // a person agreed to what is refused otherwise
  std::function<void(std::string_view)> note = [](std::string_view) {};
  // True when the task should end soon; what it leaves is for the next run.
  std::function<bool()> stopping = [] { return false; };
};

struct TaskResult {
  std::string done;     // in a few words: "3 days dropped, 120 records deleted"
  std::string problem;  // what was left undone and why; empty: nothing
};

struct Task {
  std::string_view name;
  std::string_view summary;
  TaskResult (*run)(const TaskInput& input);  // an Error is a failure of this task alone
};

// In the order in which they are run.
std::span<const Task> tasks();
// Null when there is none of that name.
const Task* find_task(std::string_view name);

// The tasks, by file: upkeep.cpp
TaskResult keep_up(const TaskInput& input);
// retention_task.cpp
TaskResult apply_retention(const TaskInput& input);
// index_task.cpp
TaskResult index_closed_days(const TaskInput& input);
// compression_task.cpp
TaskResult compress_old_days(const TaskInput& input);

}  // namespace logctl::maintenance
