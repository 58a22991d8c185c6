// The daemon's part in maintenance: does it when it is due and nobody else does, and tells how it
// went.
//
// look() is for one timer; the rest may be called from any thread.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/config/config.h"
#include "shared/metrics/observer.h"
#include "shared/storage/backend.h"

#include <atomic>
#include <memory>

namespace logctl {

class Housekeeper {
 public:
  // What is lent must outlive it.
  Housekeeper(storage::Backend& backend, metrics::Observer& observer, const Clock& clock,
              std::shared_ptr<const config::Config> config);

  // How often to look.
  microseconds tick() const;
  // Runs what is due, with the calling thread's priority lowered for good, with
  // `maintenance.enabled`; sets the metrics in any case. Throws Error when the store cannot be
  // asked.
  void look();
  // A running task ends soon, and none is begun.
  void stop();
  void configure(std::shared_ptr<const config::Config> config);

 private:
  std::shared_ptr<const config::Config> current() const;

  storage::Backend& backend_;
  metrics::Observer& observer_;
  const Clock& clock_;
  std::atomic<bool> stopping_ = false;
  mutable Mutex mutex_;
  std::shared_ptr<const config::Config> config_ GUARDED_BY(mutex_);
};

}  // namespace logctl
