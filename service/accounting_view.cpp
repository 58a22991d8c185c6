#include "service/accounting_view.h"

#include "shared/base/error.h"
#include "shared/storage/books.h"

#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

namespace logctl {
namespace {

// Labels of metrics are bounded: the tenants beyond are summed up.
constexpr std::size_t kTenantsInMetrics = 100;
// No tenant has such a name.
constexpr std::string_view kOthers = "(others)";

void tell(metrics::Observer& observer, std::string_view tenant, const ingest::Accounting& sums,
          bool counted) {
  observer.set_accounted(tenant, storage::kReceived, sums.received);
  observer.set_accounted(tenant, storage::kStored, sums.stored);
  observer.set_accounted(tenant, storage::kDuplicate, sums.duplicate);
  if (counted) observer.set_accounted(tenant, "spooled", sums.spooled);
  for (const auto& [reason, count] : sums.rejected) {
    observer.set_accounted(tenant, std::string(storage::kRejectedPrefix) + reason, count);
  }
  for (const auto& [how, count] : sums.deleted) {
    observer.set_accounted(tenant, std::string(storage::kDeletedPrefix) + how, count);
  }
}

}  // namespace

AccountingView::AccountingView(storage::LogStore& store, metrics::Observer& observer,
                               Spooled spooled)
    : store_(store), observer_(observer), spooled_(std::move(spooled)) {}

void AccountingView::refresh() {
  try {
    std::vector<storage::Account> accounts = store_.accounts();
    const Lock lock(mutex_);
    accounts_ = std::move(accounts);
  } catch (const Error&) {
    publish();
    throw;
  }
  publish();
}

void AccountingView::publish() {
  const Lock lock(publishing_);
  const Sums now = sums();
  std::map<std::string_view, ingest::Accounting> labels;
  for (const auto& [tenant, sums] : now.tenants) labels[label_of(tenant)] += sums;
  for (const auto& [label, sums] : labels) tell(observer_, label, sums, now.counted);
}

// A tenant keeps its label, whoever comes later: else its last figures would be left behind in it
// and be counted again among the others.
std::string_view AccountingView::label_of(const std::string& tenant) {
  if (in_metrics_.size() < kTenantsInMetrics) in_metrics_.insert(tenant);
  const auto found = in_metrics_.find(tenant);
  return found == in_metrics_.end() ? kOthers : std::string_view(*found);
}

AccountingView::Sums AccountingView::sums() const {
  std::optional<ingest::Backlog::Depth> waiting = ingest::Backlog::Depth();
  if (spooled_) waiting = spooled_();
  const Lock lock(mutex_);
  return {ingest::account(accounts_, waiting.value_or(ingest::Backlog::Depth())),
          waiting.has_value()};
}

}  // namespace logctl
