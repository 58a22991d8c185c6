#include "service/durable_queue.h"

#include "shared/base/units.h"
#include "shared/spool/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace logctl {
namespace {

spool::Damage told_to(metrics::Observer& observer) {
  return [&observer](std::string_view what, std::string detail) {
    observer.emit(metrics::Notice{metrics::Notice::Severity::error, what, std::move(detail)});
  };
}

}  // namespace

DurableQueue::DurableQueue(const config::Config& config, storage::LogStore& store,
                           ingest::DeadLetters& letters, metrics::Observer& observer,
                           const Clock& clock, std::string instance, std::function<void()> prepare)
    : clock_(clock),
      spool_(real_file_system(), spool::settings_of(config), clock, told_to(observer)),
      spooler_(spool_, backlog_, store, observer, config, std::move(instance)),
      drainer_(spool_, store, backlog_, letters, observer, config.batch, std::move(prepare),
               [this] { spooler_.forget_known(); }) {}

std::optional<ingest::Backlog::Depth> DurableQueue::waiting() const {
  // In this order: once it has been counted, the depth covers everything.
  if (!drainer_.state().counted) return std::nullopt;
  return backlog_.depth();
}

QueueState DurableQueue::state() {
  QueueState state;
  state.spool = spool_.figures();
  const ingest::Drainer::State drainer = drainer_.state();
  state.depth = backlog_.depth();
  state.room = spooler_.refusing();
  state.counted = drainer.counted;
  state.problem = drainer.problem;
  // What moved before the problem says nothing of how long it will take now.
  if (state.problem.empty()) {
    state.bytes_per_second = backlog_.rate(std::chrono::steady_clock::now());
  }
  if (state.spool.oldest) {
    const auto age = static_cast<double>((clock_.now() - *state.spool.oldest).count()) / 1e6;
    state.oldest_seconds = std::max(age, 0.0);
  }
  return state;
}

std::string describe(const QueueState& state) {
  if (state.spool.bytes == 0) return "all records are in the store";
  std::string text = fmt::format("{} wait for the store", human_size(state.spool.bytes));
  if (state.counted) {
    text = fmt::format("{} records ({}) wait for the store", state.depth.records,
                       human_size(state.spool.bytes));
  }
  if (!state.problem.empty()) return text + ": " + state.problem;
  if (state.bytes_per_second > 0) {
    const double left = std::ceil(static_cast<double>(state.spool.bytes) / state.bytes_per_second);
    text +=
        fmt::format(", about {} left", format_duration(seconds(static_cast<std::int64_t>(left))));
  }
  return text;
}

}  // namespace logctl
