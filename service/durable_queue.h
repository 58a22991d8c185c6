// The spool with what fills and empties it, for a daemon with `ingest.ack: spooled`.
//
// Thread-safe once built. All that is lent must outlive it.
#pragma once

#include "shared/config/config.h"
#include "shared/ingest/backlog.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/drainer.h"
#include "shared/ingest/spooler.h"
#include "shared/metrics/observer.h"
#include "shared/spool/spool.h"
#include "shared/storage/store.h"

#include <functional>
#include <optional>
#include <string>

namespace logctl {

// What the status pages tell of it.
struct QueueState {
  spool::Figures spool;
  ingest::Backlog::Depth depth;
  spool::Room room = spool::Room::enough;  // else requests are answered 503
  bool counted = false;                    // `depth` covers what the last run left
  double bytes_per_second = 0;             // that reach the store; 0 with a problem
  double oldest_seconds = 0;               // age of the oldest request that waits
  std::string problem;                     // why nothing moves; empty: all is well
};

class DurableQueue {
 public:
  // Opens the spool: Error{locked} when another process has it. `instance` names this daemon in the
  // store's books; `prepare` as for the Drainer.
  DurableQueue(const config::Config& config, storage::LogStore& store, ingest::DeadLetters& letters,
               metrics::Observer& observer, const Clock& clock, std::string instance,
               std::function<void()> prepare);

  ingest::Spooler& intake() { return spooler_; }
  QueueState state();
  // What waits, by tenant; nothing before what the last run left has been counted.
  std::optional<ingest::Backlog::Depth> waiting() const;
  // After the intake has stopped: moves on for as long as the store takes, at most `grace`.
  void stop(microseconds grace) { drainer_.stop(grace); }
  // Ends a running stop() after the group in hand.
  void hurry() { drainer_.hurry(); }

 private:
  const Clock& clock_;
  spool::Spool spool_;
  ingest::Backlog backlog_;
  ingest::Spooler spooler_;
  ingest::Drainer drainer_;  // tells the spooler
};

// One line for people: "all is in the store", or how much waits and how long it may take.
std::string describe(const QueueState& state);

}  // namespace logctl
