#include "service/housekeeper.h"

#include "shared/base/error.h"
#include "shared/base/priority.h"
#include "shared/maintenance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace logctl {
namespace {

using metrics::Notice;

constexpr microseconds kSoonest = seconds(1);
constexpr microseconds kLatest = seconds(30);

}  // namespace

Housekeeper::Housekeeper(storage::Backend& backend, metrics::Observer& observer, const Clock& clock,
                         std::shared_ptr<const config::Config> config)
    : backend_(backend), observer_(observer), clock_(clock), config_(std::move(config)) {}

void Housekeeper::configure(std::shared_ptr<const config::Config> config) {
  const Lock lock(mutex_);
  config_ = std::move(config);
}

std::shared_ptr<const config::Config> Housekeeper::current() const {
  const Lock lock(mutex_);
  return config_;
}

microseconds Housekeeper::tick() const {
  const microseconds interval = current()->maintenance.interval;
  return interval.count() == 0 ? kLatest : std::clamp(interval / 2, kSoonest, kLatest);
}

void Housekeeper::stop() {
  stopping_ = true;
  try {
    backend_.indexes->interrupt();
  } catch (const Error& error) {
    observer_.emit(
        Notice{Notice::Severity::warn, "indexing goes on until it is done", error.message()});
  }
}

void Housekeeper::look() {
  step_back();
  const std::shared_ptr<const config::Config> config = current();
  if (config->maintenance.enabled && !stopping_) {
    maintenance::TaskInput input{backend_, *config};
    input.now = clock_.now();
    input.stopping = [this] { return stopping_.load(); };
    const auto runs = maintenance::run_if_due(input, clock_);
    for (const maintenance::TaskRun& run : runs.value_or(std::vector<maintenance::TaskRun>())) {
      const bool good = run.problem.empty();
      observer_.emit(Notice{good ? Notice::Severity::debug : Notice::Severity::warn, "maintenance",
                            fmt::format("{}: {}", run.name,
                                        good               ? run.done
                                        : run.done.empty() ? run.problem
                                                           : run.done + "; " + run.problem)});
    }
  }
  for (const storage::TaskState& state : backend_.maintenance->tasks()) {
    if (state.succeeded_at) observer_.set_maintenance(state.name, *state.succeeded_at);
  }
}

}  // namespace logctl
