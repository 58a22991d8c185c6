#include "cli/doctor/checks.h"
#include "shared/base/time_text.h"
#include "shared/maintenance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace logctl::cli::doctor {
namespace {

using State = Finding::State;

// Twice the time that may pass, and a little for a run that takes long.
microseconds patience(const config::Config& config) {
  const maintenance::Schedule schedule = maintenance::schedule_of(config);
  if (schedule.at || schedule.interval.count() == 0) return std::chrono::hours(48);
  return 2 * schedule.interval + std::chrono::hours(1);
}

}  // namespace

// Whether maintenance is done by somebody, and what it could not do.
void check_maintenance(Context& context, std::vector<Finding>& findings) {
  const std::vector<storage::TaskState> states = context.backend().maintenance->tasks();
  const auto found = [&findings](State state, std::string detail, std::string advice = {}) {
    findings.push_back({"maintenance", state, std::move(detail), std::move(advice)});
  };
  bool good = true;
  std::optional<Timestamp> oldest;
  for (const maintenance::Task& task : maintenance::tasks()) {
    const auto state = std::find_if(states.begin(), states.end(),
                                    [&task](const auto& one) { return one.name == task.name; });
    if (state == states.end()) continue;
    if (!state->error.empty()) {  // of the last run that ended
      good = false;
      found(State::failed, fmt::format("{}: {}", task.name, state->error),
            "`logctl maintenance status` says more");
    } else if (state->finished_at) {
      oldest = std::min(oldest.value_or(*state->finished_at), *state->finished_at);
    }
  }
  if (!good) return;
  if (!oldest) {
    return found(State::ok, "was never done yet; a daemon or `logctl maintenance run` does it");
  }
  const std::string detail = "last done " + format_rfc3339(*oldest);
  if (context.clock().now() - *oldest > patience(*context.config())) {
    return found(State::warning, detail,
                 "is a daemon running, or a timer with `logctl maintenance run`?");
  }
  found(State::ok, detail);
}

}  // namespace logctl::cli::doctor
