// Moves the spool into the store: in order, each frame once, as fast as the store takes them.
//
// One thread. A group of frames is one transaction that also moves the spool's position in the
// store, so a crash at any moment repeats nothing and skips nothing. What the store refuses becomes
// a dead letter before that transaction commits. Whatever may pass (the store away, a conflict, a
// full disk) is tried again, with growing pauses, for ever. Memory: one group.
#pragma once

#include "shared/config/config.h"
#include "shared/ingest/backlog.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/drain_group.h"
#include "shared/metrics/observer.h"
#include "shared/spool/spool.h"
#include "shared/storage/store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <thread>

namespace logctl::ingest {

class Drainer {
 public:
  // All that is lent must outlive it. Starts at once; the store may still be away. `prepare` is
  // called before the first record moves, and again until it does not throw: for the schema.
  // `refused` is told that records which were accepted have become dead letters.
  Drainer(spool::Spool& spool, storage::LogStore& store, Backlog& backlog, DeadLetters& letters,
          metrics::Observer& observer, const config::BatchLimits& limits,
          std::function<void()> prepare = {}, std::function<void()> refused = {});
  ~Drainer();  // stops

  // Goes on while the store takes something, for at most `grace`, and ends with the group in hand;
  // what is left stays in the spool. Idempotent.
  void stop(microseconds grace);
  void hurry();  // ends a running stop() soon; any thread

  struct State {
    bool counted = false;  // the backlog of the last run has been counted
    std::string problem;   // why nothing moves just now; empty: all is well
  };
  State state() const;  // thread-safe

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void run();
  bool stopping() const;
  void count_backlog();
  // Asks the store how far it has got.
  void begin();
  // The store's position, `there`, is not one that this spool can have moved it to.
  void begin_source(spool::Position there);
  // Until stopped, or until it has to begin anew: the store is elsewhere than thought, or the
  // reader has passed a frame that stays.
  void drain();
  // False when the group ends before a frame that the reader has passed: one with too many further
  // days, or that this binary cannot move. Throws when the latter is the first one.
  bool gather(spool::Reader& reader);
  bool full() const;
  void rest(std::chrono::steady_clock::duration worked);
  // Until it is in the store; false when stopped before. Throws when somebody else moved the
  // position.
  bool store_group();
  storage::AppendResult append(std::span<const LogRecord* const> records,
                               const storage::Origin& origin, bool again);
  storage::AppendResult unheard_result() const;
  // In the transaction of the group, before it commits.
  void keep_letters(std::span<const storage::Refusal> refusals);
  void keep_unreadable();
  void settle(const storage::AppendResult& result);
  // What lies before the store's position waits no longer.
  void catch_up(spool::Position to);
  void pause(milliseconds& length, const std::string& problem);
  void set_problem(std::string problem);

  spool::Spool& spool_;
  storage::LogStore& store_;
  Backlog& backlog_;
  DeadLetters& letters_;
  metrics::Observer& observer_;
  const config::BatchLimits limits_;
  std::function<void()> prepare_;  // empty once it has succeeded
  const std::function<void()> refused_;

  const spool::Position backlog_end_;  // of what the last run left
  std::uint64_t store_position_ = 0;   // as the store has it
  bool begun_ = false;                 // store_position_ was asked for
  DrainGroup group_;
  std::vector<storage::Refusal> refusals_;  // of the group, as told before its commit

  mutable Mutex mutex_;
  Condition wake_;
  State state_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace logctl::ingest
