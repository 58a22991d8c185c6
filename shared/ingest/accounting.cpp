#include "shared/ingest/accounting.h"

#include "shared/storage/books.h"

#include <string_view>

namespace logctl::ingest {

std::uint64_t Accounting::rejected_total() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : rejected) sum += count;
  return sum;
}

std::uint64_t Accounting::deleted_total() const {
  std::uint64_t sum = 0;
  for (const auto& [how, count] : deleted) sum += count;
  return sum;
}

std::int64_t Accounting::difference() const {
  return static_cast<std::int64_t>(received) -
         static_cast<std::int64_t>(stored + duplicate + rejected_total() + spooled);
}

Accounting& Accounting::operator+=(const Accounting& other) {
  received += other.received;
  stored += other.stored;
  duplicate += other.duplicate;
  spooled += other.spooled;
  for (const auto& [reason, count] : other.rejected) rejected[reason] += count;
  for (const auto& [how, count] : other.deleted) deleted[how] += count;
  return *this;
}

AccountingByTenant account(std::span<const storage::Account> books, const Backlog::Depth& spooled) {
  AccountingByTenant tenants;
  for (const storage::Account& entry : books) {
    Accounting& sums = tenants[entry.tenant];
    if (entry.what == storage::kReceived) {
      sums.received += entry.count;
    } else if (entry.what == storage::kStored) {
      sums.stored += entry.count;
    } else if (entry.what == storage::kDuplicate) {
      sums.duplicate += entry.count;
    } else if (entry.what.starts_with(storage::kRejectedPrefix)) {
      sums.rejected[entry.what.substr(storage::kRejectedPrefix.size())] += entry.count;
    } else if (entry.what.starts_with(storage::kDeletedPrefix)) {
      sums.deleted[entry.what.substr(storage::kDeletedPrefix.size())] += entry.count;
    }
  }
  for (const auto& [tenant, records] : spooled.by_tenant) {
    Accounting& sums = tenants[tenant];
    sums.spooled += records;
    sums.received += records;
  }
  return tenants;
}

Accounting total(const AccountingByTenant& tenants) {
  Accounting sum;
  for (const auto& [tenant, sums] : tenants) sum += sums;
  return sum;
}

}  // namespace logctl::ingest
