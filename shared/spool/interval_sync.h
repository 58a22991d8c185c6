// Syncs some time after the first write that is not synced yet: Fsync::interval.
//
// Owns a thread. written() may be called from any thread; `sync` runs on the own one and must not
// throw.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"

#include <functional>
#include <thread>

namespace logctl::spool {

class IntervalSync {
 public:
  IntervalSync(microseconds interval, std::function<void()> sync);
  ~IntervalSync();  // without a last sync
  IntervalSync(const IntervalSync&) = delete;
  IntervalSync& operator=(const IntervalSync&) = delete;

  void written();

 private:
  void run();

  const microseconds interval_;
  const std::function<void()> sync_;
  Mutex mutex_;
  Condition changed_;
  bool dirty_ GUARDED_BY(mutex_) = false;
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace logctl::spool
