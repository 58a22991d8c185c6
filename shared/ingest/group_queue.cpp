#include "shared/ingest/group_queue.h"

#include <algorithm>
#include <utility>

namespace logctl::ingest {

using SteadyClock = std::chrono::steady_clock;

GroupQueue::GroupQueue(const config::BatchLimits& limits)
    : limits_(limits), room_(limits.queue_bytes), queue_(limits.queue_bytes) {}

Push GroupQueue::push(Batch&& batch, Intake::Done done) {
  const std::size_t cost = batch.cost();
  if (!room_.take(batch.owner, cost)) return Push::full;
  const std::string_view owner = batch.owner;
  Waiting waiting{std::move(batch), std::move(done)};
  const Push answer = queue_.push(std::move(waiting), cost);
  if (answer != Push::ok) {
    room_.give_back(owner, cost);
    batch = std::move(waiting.batch);
  }
  return answer;
}

bool GroupQueue::gather(std::vector<Waiting>& group, const Pace& pace) {
  gathered_.fetch_add(1, std::memory_order_relaxed);
  std::size_t records = 0;
  std::size_t bytes = 0;
  const auto fits = [&](const Waiting& next) {
    const std::size_t cost = next.batch.cost();
    const bool first = records == 0;
    if (!first &&
        (records + next.batch.records.size() > limits_.size || bytes + cost > limits_.max_bytes)) {
      return false;
    }
    records += next.batch.records.size();
    bytes += cost;
    room_.give_back(next.batch.owner, cost);
    return true;
  };
  const bool busy = queue_.size() > 0;
  bool more = queue_.pop_while(group, fits);
  if (!busy) return !group.empty();
  // As many as last time are on their way back, if clients wait for their answers; never wait
  // longer for them than the commit that they would share is worth.
  const auto deadline =
      SteadyClock::now() + std::min<SteadyClock::duration>(limits_.flush_interval, pace.took);
  while (more && group.size() < pace.batches) {
    const std::size_t missing = pace.batches - group.size();
    more = queue_.pop_while(group, fits, BoundedQueue<Waiting>::Wait{deadline, missing});
  }
  return !group.empty();
}

}  // namespace logctl::ingest
