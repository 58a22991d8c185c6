#include "service/books.h"

#include "shared/storage/books.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace logctl {
namespace {

// Labels of metrics are bounded: the tenants beyond are summed up.
constexpr std::size_t kTenantsInMetrics = 100;
constexpr std::string_view kOthers = "other";

void publish(metrics::Observer& observer, std::string_view tenant, const ingest::Accounting& sums) {
  observer.set_accounted(tenant, storage::kReceived, sums.received);
  observer.set_accounted(tenant, storage::kStored, sums.stored);
  observer.set_accounted(tenant, storage::kDuplicate, sums.duplicate);
  observer.set_accounted(tenant, "spooled", sums.spooled);
  for (const auto& [reason, count] : sums.rejected) {
    observer.set_accounted(tenant, std::string(storage::kRejectedPrefix) + reason, count);
  }
}

}  // namespace

Books::Books(storage::LogStore& store, metrics::Observer& observer, Spooled spooled)
    : store_(store), observer_(observer), spooled_(std::move(spooled)) {}

void Books::refresh() {
  std::vector<storage::Account> accounts = store_.accounts();
  {
    const Lock lock(mutex_);
    accounts_ = std::move(accounts);
  }
  ingest::Accounting others;
  std::size_t published = 0;
  for (const auto& [tenant, sums] : by_tenant()) {
    if (published++ < kTenantsInMetrics) {
      publish(observer_, tenant, sums);
    } else {
      others += sums;
    }
  }
  if (published > kTenantsInMetrics) publish(observer_, kOthers, others);
}

ingest::AccountingByTenant Books::by_tenant() const {
  const ingest::Backlog::Depth waiting = spooled_ ? spooled_() : ingest::Backlog::Depth();
  const Lock lock(mutex_);
  return ingest::account(accounts_, waiting);
}

}  // namespace logctl
