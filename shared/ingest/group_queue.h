// Batches waiting for a group commit, and how long a writer gathers before it commits.
//
// A writer takes everything waiting, up to the batch limits. An idle writer goes at once; one that
// was busy gathers a moment longer, so that the clients it has just answered can come along again.
// The room is shared fairly between the owners of the batches. Thread-safe.
#pragma once

#include "shared/base/fair_share.h"
#include "shared/base/queue.h"
#include "shared/config/config.h"
#include "shared/ingest/intake.h"
#include "shared/record/record.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace logctl::ingest {

struct Waiting {
  Batch batch;
  Intake::Done done;
};

// What a writer knows of its last commit.
struct Pace {
  std::size_t batches = 0;
  std::chrono::steady_clock::duration took{};
};

class GroupQueue {
 public:
  explicit GroupQueue(const config::BatchLimits& limits);

  // Unless the answer is ok, `batch` is as it was.
  [[nodiscard]] Push push(Batch&& batch, Intake::Done done);
  // Waits for batches and fills `group`; false when the queue is closed and drained.
  bool gather(std::vector<Waiting>& group, const Pace& pace);
  void close() { queue_.close(); }

  std::size_t size() const { return queue_.size(); }
  // Groups that writers came for: stands still while they are all busy with one.
  std::uint64_t gathered() const { return gathered_.load(std::memory_order_relaxed); }
  std::size_t cost() const { return queue_.cost(); }

 private:
  const config::BatchLimits limits_;
  FairShare room_;
  BoundedQueue<Waiting> queue_;
  std::atomic<std::uint64_t> gathered_{0};
};

}  // namespace logctl::ingest
