#include "shared/maintenance/runner.h"

#include "shared/base/error.h"
#include "shared/base/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace logctl::maintenance {
namespace {

using storage::TaskState;

std::vector<const Task*> chosen(std::span<const Task> all, const std::vector<std::string>& names) {
  std::vector<std::string_view> known;
  for (const Task& task : all) known.push_back(task.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view guess = nearest_name(name, known);
    throw Error(ErrorCode::usage,
                fmt::format("there is no task '{}'; there are {}{}", name, fmt::join(known, ", "),
                            guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess)));
  }
  std::vector<const Task*> tasks;
  for (const Task& task : all) {
    if (names.empty() || std::find(names.begin(), names.end(), task.name) != names.end()) {
      tasks.push_back(&task);
    }
  }
  return tasks;
}

std::string this_runner() {
  const storage::LockHolder self = storage::this_process(system_clock().now());
  return fmt::format("process {} on {}", self.pid, self.host);
}

// How the last run went stays known until this one has ended.
TaskState begun(std::vector<TaskState> states, std::string_view name, Timestamp now) {
  TaskState state;
  for (TaskState& last : states) {
    if (last.name == name) state = std::move(last);
  }
  state.name = name;
  state.started_at = now;
  state.finished_at.reset();
  state.ran_by = this_runner();
  return state;
}

TaskRun run_one(const TaskInput& input, const Task& task, const Clock& clock) {
  TaskRun result;
  result.name = task.name;
  storage::MaintenanceStore& store = *input.backend.maintenance;
  TaskState state;
  if (!input.dry_run) {
    state = begun(store.tasks(), task.name, clock.now());
    store.save(state);
  }
  const auto start = std::chrono::steady_clock::now();
  try {
    TaskResult outcome = task.run(input);
    result.done = std::move(outcome.done);
    result.problem = std::move(outcome.problem);
  } catch (const Error& error) {
    result.problem = error.message();
    if (!error.hint().empty()) result.problem += "; " + error.hint();
  } catch (const std::exception& error) {
    result.problem = error.what();
  }
  result.took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - start);
  if (!input.dry_run) {
    state.finished_at = clock.now();
    if (result.problem.empty()) state.succeeded_at = state.finished_at;
    state.took = result.took;
    state.done = result.done;
    state.error = result.problem;
    store.save(state);
  }
  return result;
}

std::vector<TaskRun> run_all(const TaskInput& input, const std::vector<const Task*>& tasks,
                             const Clock& clock) {
  std::vector<TaskRun> runs;
  for (const Task* task : tasks) {
    if (input.stopping()) break;
    runs.push_back(run_one(input, *task, clock));
  }
  return runs;
}

}  // namespace

std::vector<TaskRun> run(const TaskInput& input, const std::vector<std::string>& names,
                         const Clock& clock, std::span<const Task> all) {
  const std::vector<const Task*> tasks = chosen(all, names);
  const auto held = input.backend.maintenance->lock();
  return run_all(input, tasks, clock);
}

Schedule schedule_of(const config::Config& config) {
  Schedule schedule;
  schedule.interval = config.maintenance.interval;
  const std::string& at = config.maintenance.at;
  if (!at.empty()) {
    schedule.at = std::chrono::hours(std::stoi(at.substr(0, 2))) +
                  std::chrono::minutes(std::stoi(at.substr(3, 2)));
  }
  return schedule;
}

bool is_due(const Schedule& schedule, std::optional<Timestamp> last, Timestamp now) {
  if (!schedule.at && schedule.interval.count() == 0) return false;
  if (!last || *last > now) return true;
  if (!schedule.at) return now - *last >= schedule.interval;
  Timestamp moment = Timestamp(day_of(now)) + *schedule.at;
  if (moment > now) moment -= std::chrono::days(1);
  return *last < moment;
}

std::optional<Timestamp> last_begin(const std::vector<TaskState>& states,
                                    std::span<const Task> all) {
  std::optional<Timestamp> oldest;
  for (const Task& task : all) {
    const auto found = std::find_if(states.begin(), states.end(), [&task](const TaskState& state) {
      return state.name == task.name;
    });
    if (found == states.end() || !found->finished_at) return std::nullopt;
    if (!oldest || found->started_at < *oldest) oldest = found->started_at;
  }
  return oldest;
}

std::optional<std::vector<TaskRun>> run_if_due(const TaskInput& input, const Clock& clock,
                                               std::span<const Task> all) {
  const Schedule schedule = schedule_of(input.config);
  storage::MaintenanceStore& store = *input.backend.maintenance;
  const auto due = [&] { return is_due(schedule, last_begin(store.tasks(), all), clock.now()); };
  if (!due()) return std::nullopt;
  std::unique_ptr<storage::MaintenanceStore::Held> held;
  try {
    held = store.lock();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::locked) throw;
    return std::nullopt;
  }
  // Another instance may have done it between the look and the lock.
  if (!due()) return std::nullopt;
  return run_all(input, chosen(all, {}), clock);
}

}  // namespace logctl::maintenance
