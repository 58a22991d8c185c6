#include "shared/ingest/tally.h"

#include "shared/storage/books.h"

namespace logctl::ingest {

Sums settled_before(const Batch& batch) {
  Sums sums;
  if (batch.rejections.empty() && batch.duplicates == 0) return sums;
  const std::string tenant(batch.tenant);
  sums[{tenant, storage::kReceived}] = batch.rejections.size() + batch.duplicates;
  if (batch.duplicates > 0) sums[{tenant, storage::kDuplicate}] = batch.duplicates;
  for (const Rejection& rejection : batch.rejections) {
    ++sums[{tenant, storage::rejected_as(rejection.reason)}];
  }
  return sums;
}

void add(Sums& to, const Sums& more) {
  for (const auto& [key, count] : more) to[key] += count;
}

std::vector<storage::Count> counts_of(const Sums& sums) {
  std::vector<storage::Count> counts;
  counts.reserve(sums.size());
  for (const auto& [key, count] : sums) counts.push_back({key.first, key.second, count});
  return counts;
}

void Tally::add(const Sums& sums) {
  if (sums.empty()) return;
  const Lock lock(mutex_);
  ingest::add(sums_, sums);
}

Sums Tally::take() {
  const Lock lock(mutex_);
  return std::exchange(sums_, {});
}

void Tally::flush(storage::LogStore& store, std::string_view source) {
  const Sums sums = take();
  if (sums.empty()) return;
  try {
    store.count(source, counts_of(sums));
  } catch (...) {
    add(sums);
    throw;
  }
}

}  // namespace logctl::ingest
