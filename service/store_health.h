// Whether the store could be reached when last asked; kept by a timer of the daemon, read by the
// health answers. Thread-safe.
#pragma once

#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <atomic>

namespace logctl {

struct StoreHealth {
  std::atomic<bool> reachable{true};
};

// Asks the store and notes the answer; tells in the log when it goes away and comes back.
void ask_store(storage::LogStore& store, StoreHealth& health, metrics::Observer& observer);

}  // namespace logctl
