// The intake that waits for the store: many requests share one transaction, each is answered after
// the commit that holds it.
//
// Batches wait in a bounded queue (group_queue.h); writer threads (one on SQLite) append what is
// waiting in one call. A batch is never split across answers: its callback gets one Receipt.
#pragma once

#include "shared/config/config.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/group_queue.h"
#include "shared/ingest/intake.h"
#include "shared/ingest/tally.h"
#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

namespace logctl::ingest {

class Committer final : public Intake {
 public:
  // What is lent must outlive the committer; `source` names it in the store's books.
  Committer(storage::LogStore& store, metrics::Observer& observer,
            const config::BatchLimits& limits, std::string source, DeadLetters& letters);
  ~Committer() override;  // stops

  Push submit(Batch&& batch, Done done) override;
  void stop() override;
  std::size_t waiting() const override { return queue_.size(); }
  std::size_t waiting_bytes() const override { return queue_.cost(); }
  std::uint64_t turns() const override { return queue_.gathered(); }
  unsigned retry_after_seconds() const override { return 1; }
  bool knows(const LogRecord&) const override { return false; }
  void flush_counts() override;

 private:
  void run();
  void commit(std::vector<Waiting>& group, Pace& pace);
  storage::AppendResult append(const std::vector<Waiting>& group, std::size_t records,
                               std::span<const storage::Count> counts);
  void keep_refused(const Batch& batch, const std::vector<Rejection>& refused);

  storage::LogStore& store_;
  metrics::Observer& observer_;
  const std::string source_;
  DeadLetters& letters_;
  Tally uncounted_;
  GroupQueue queue_;
  std::vector<std::thread> writers_;
};

}  // namespace logctl::ingest
