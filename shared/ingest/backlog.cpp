#include "shared/ingest/backlog.h"

#include <algorithm>
#include <cmath>

namespace logctl::ingest {
namespace {

// What lies further back counts less and less.
constexpr double kMemorySeconds = 5;
constexpr auto kStandstill = std::chrono::seconds(10);

}  // namespace

void Backlog::add(std::string_view tenant, std::uint64_t records) {
  if (records == 0) return;
  const Lock lock(mutex_);
  const auto found = records_.find(tenant);
  if (found != records_.end()) {
    found->second += records;
  } else {
    records_.emplace(tenant, records);
  }
}

void Backlog::take(std::string_view tenant, std::uint64_t records) {
  const Lock lock(mutex_);
  const auto found = records_.find(tenant);
  if (found == records_.end()) return;
  found->second -= std::min(records, found->second);
  if (found->second == 0) records_.erase(found);
}

double Backlog::decayed(SteadyTime now) const {
  const double past = std::chrono::duration<double>(now - rated_at_).count();
  return rate_ * std::exp(-std::max(past, 0.0) / kMemorySeconds);
}

// An exponential average: a steady flow of r bytes per second settles at r.
void Backlog::drained(std::uint64_t bytes, SteadyTime now) {
  const Lock lock(mutex_);
  rate_ = decayed(now) + static_cast<double>(bytes) / kMemorySeconds;
  rated_at_ = now;
}

void Backlog::stalled() {
  const Lock lock(mutex_);
  rate_ = 0;
}

Backlog::Depth Backlog::depth() const {
  Depth depth;
  const Lock lock(mutex_);
  depth.by_tenant = records_;
  for (const auto& [tenant, records] : records_) depth.records += records;
  return depth;
}

double Backlog::rate(SteadyTime now) const {
  const Lock lock(mutex_);
  return now - rated_at_ > kStandstill ? 0 : decayed(now);
}

}  // namespace logctl::ingest
