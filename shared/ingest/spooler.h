// The intake that does not wait for the store: success is answered when the spool's fsync has
// returned, one for all requests that wait; the Drainer moves the records on.
//
// Batches wait in a bounded queue (group_queue.h) for one writing thread. Refuses from the high
// water mark on until the spool has come down to the low one, and while the disk has too little
// free space; whoever asks after that looks again, so that it ends without a request too.
#pragma once

#include "shared/config/config.h"
#include "shared/ingest/backlog.h"
#include "shared/ingest/group_queue.h"
#include "shared/ingest/intake.h"
#include "shared/ingest/recent_ids.h"
#include "shared/ingest/spooled_batch.h"
#include "shared/ingest/tally.h"
#include "shared/metrics/observer.h"
#include "shared/spool/spool.h"
#include "shared/storage/store.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace logctl::ingest {

class Spooler final : public Intake {
 public:
  // All that is lent must outlive it. `source` is whose counts those are that are in no frame.
  Spooler(spool::Spool& spool, Backlog& backlog, storage::LogStore& store,
          metrics::Observer& observer, const config::Config& config, std::string source);
  ~Spooler() override;  // stops

  Push submit(Batch&& batch, Done done) override;
  void stop() override;
  std::size_t waiting() const override { return queue_.size(); }
  std::size_t waiting_bytes() const override { return queue_.cost(); }
  std::uint64_t turns() const override { return queue_.gathered(); }
  unsigned retry_after_seconds() const override;
  bool knows(const LogRecord& record) const override;
  void flush_counts() override;
  std::string_view why_full() const override;
  // What requests are refused for; `enough` when they are taken. Thread-safe.
  spool::Room refusing();
  // The store refused some of what was taken: a corrected record of the same identity is no
  // duplicate. Thread-safe.
  void forget_known();

 private:
  void run();
  void write(std::vector<Waiting>& group, Pace& pace);
  // Takes out of the batch what is known already.
  void drop_known(Batch& batch);
  void append(const std::vector<Waiting>& group);
  void found_full();
  void answer(std::vector<Waiting>& group, std::string_view failure);
  void set_full(spool::Room room, std::uint64_t bytes);

  spool::Spool& spool_;
  Backlog& backlog_;
  storage::LogStore& store_;
  metrics::Observer& observer_;
  const std::string source_;
  const config::Spool limits_;
  const std::uint64_t high_bytes_;
  const std::uint64_t low_bytes_;
  std::atomic<spool::Room> full_ = spool::Room::enough;
  std::atomic<std::int64_t> next_look_ = 0;  // steady clock: when that is looked at again

  mutable Mutex known_mutex_;
  RecentIds known_ GUARDED_BY(known_mutex_);
  SpoolEncoder encoder_;
  Tally uncounted_;
  GroupQueue queue_;
  std::thread writer_;
};

}  // namespace logctl::ingest
