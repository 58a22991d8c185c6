// The accounting of the whole store, as last read, with what waits in this daemon's spool.
//
// refresh() and publish() are for a timer; only refresh() reads the store. Thread-safe.
#pragma once

#include "shared/base/mutex.h"
#include "shared/ingest/accounting.h"
#include "shared/metrics/observer.h"
#include "shared/storage/store.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace logctl {

class AccountingView {
 public:
  // What waits, or nothing before that was counted.
  using Spooled = std::function<std::optional<ingest::Backlog::Depth>()>;

  // What is lent must outlive it. `spooled` is empty without a spool.
  AccountingView(storage::LogStore& store, metrics::Observer& observer, Spooled spooled);

  // Reads the store and sets the metrics. Throws Error when the store cannot be read: what was read
  // last stays, and the metrics say that with what waits now.
  void refresh();
  // Sets the metrics without asking the store, which is known to be away.
  void publish();

  struct Sums {
    ingest::AccountingByTenant tenants;
    bool counted = true;  // `spooled` is known; else it is 0, and the sums do not close
  };
  Sums sums() const;

 private:
  // The label of a tenant's metrics: its name for the first hundred, else one for all others.
  std::string_view label_of(const std::string& tenant) REQUIRES_LOCK(publishing_);

  storage::LogStore& store_;
  metrics::Observer& observer_;
  const Spooled spooled_;
  Mutex publishing_;
  std::set<std::string, std::less<>> in_metrics_ GUARDED_BY(publishing_);
  mutable Mutex mutex_;
  std::vector<storage::Account> accounts_ GUARDED_BY(mutex_);
};

}  // namespace logctl
