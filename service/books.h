// The accounting of the whole store, as last read, with what waits in this daemon's spool.
//
// refresh() is for a timer and reads the store; the rest is from memory. Thread-safe.
#pragma once

#include "shared/base/mutex.h"
#include "shared/ingest/accounting.h"
#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <functional>
#include <vector>

namespace logctl {

class Books {
 public:
  using Spooled = std::function<ingest::Backlog::Depth()>;

  // What is lent must outlive it. `spooled` is empty without a spool.
  Books(storage::LogStore& store, metrics::Observer& observer, Spooled spooled);

  // Reads the store and sets the metrics. Throws Error when the store cannot be read: what was read
  // last stays.
  void refresh();
  ingest::AccountingByTenant by_tenant() const;

 private:
  storage::LogStore& store_;
  metrics::Observer& observer_;
  const Spooled spooled_;
  mutable Mutex mutex_;
  std::vector<storage::Account> accounts_ GUARDED_BY(mutex_);
};

}  // namespace logctl
