// Runs the tasks of maintenance, one instance at a time, and remembers in the store how it went.
//
// One thread. Errors of a task end that task only; those of the store end the run.
#pragma once

#include "shared/maintenance/task.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::maintenance {

struct TaskRun {
  std::string name;
  std::string done;
  std::string problem;  // an error, or what was left undone; empty: none
  microseconds took{};
};

// Runs the tasks of these names (empty: all) under the lock. Throws Error{locked} that names who
// has it, Error{usage} for a name that is none.
std::vector<TaskRun> run(const TaskInput& input, const std::vector<std::string>& names,
                         const Clock& clock, std::span<const Task> all = tasks());

// When the next run is due: a time of day (UTC), or so long after the last run began.
struct Schedule {
  std::optional<microseconds> at;  // since midnight; wins over `interval`
  microseconds interval{};         // 0: never
};
Schedule schedule_of(const config::Config& config);
// `last`: when the last run began, nothing when there was none. A last run in the future was noted
// by a clock that was wrong, so it counts for nothing.
bool is_due(const Schedule& schedule, std::optional<Timestamp> last, Timestamp now);
// Of all tasks, when the one that was begun longest ago began; nothing when one never was, or was
// cut off.
std::optional<Timestamp> last_begin(const std::vector<storage::TaskState>& states,
                                    std::span<const Task> all = tasks());

// Runs what is due, if anything is and nobody else does it. Nothing: there was nothing to do here.
std::optional<std::vector<TaskRun>> run_if_due(const TaskInput& input, const Clock& clock,
                                               std::span<const Task> all = tasks());

}  // namespace logctl::maintenance
