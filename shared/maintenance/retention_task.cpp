#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/maintenance/retention_plan.h"
#include "shared/maintenance/task.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace logctl::maintenance {

TaskResult apply_retention(const TaskInput& input) {
  storage::Backend& backend = input.backend;
  const Policy policy(backend.retention->rules(), input.config.retention.default_age);
  const std::size_t finished = input.dry_run ? 0 : backend.days->finish_drops();
  if (!policy.empty() && !input.confirmed) {
    if (std::string problem = clock_problem(backend, input.now); !problem.empty()) {
      throw Error(ErrorCode::conflict, problem + "; nothing was removed",
                  "set the clock right; when it is right, run `logctl retention apply --confirm`");
    }
  }
  const Plan plan = make_plan(backend, policy, input.now, input.confirmed);
  if (input.dry_run) {
    const auto days = std::ranges::count_if(plan.days, [&input](const DayPlan& day) {
      return day.rows_to_remove(input.confirmed) > 0;
    });
    TaskResult planned;
    planned.done = fmt::format("would delete {} records of {} days",
                               plan.rows_to_remove(input.confirmed), days);
    if (!input.confirmed) {
      planned.problem = fmt::format("{}", fmt::join(held_problems(plan, policy), "; "));
    }
    return planned;
  }
  ApplySettings settings;
  settings.confirmed = input.confirmed;
  settings.stopping = input.stopping;
  settings.note = input.note;
  const Applied applied = apply_plan(backend, policy, plan, input.now, settings);
  TaskResult result;
  result.done = fmt::format("{} records deleted, {} days dropped", applied.rows, applied.days);
  if (finished > 0) result.done += fmt::format(", {} unfinished removals ended", finished);
  if (applied.bytes > 0) result.done += fmt::format(", {} given back", human_size(applied.bytes));
  result.problem = fmt::format("{}", fmt::join(applied.problems, "; "));
  return result;
}

}  // namespace logctl::maintenance
