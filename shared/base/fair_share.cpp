#include "shared/base/fair_share.h"

#include <algorithm>

namespace logctl {

bool FairShare::take(std::string_view owner, std::uint64_t amount, std::uint64_t held) {
  const Lock lock(mutex_);
  const auto found = owners_.find(owner);
  const std::uint64_t own = found == owners_.end() ? 0 : found->second;
  if (taken_ != held) {
    if (taken_ + amount > limit_) return false;
    const std::uint64_t owners = owners_.size() + (own == 0 ? 1 : 0);
    const bool scarce = taken_ + amount > limit_ / 2;
    if (scarce && own + amount > limit_ / (owners + 1)) return false;
  }
  taken_ += amount;
  if (found == owners_.end()) {
    if (amount > 0) owners_.emplace(owner, amount);
  } else {
    found->second += amount;
  }
  return true;
}

void FairShare::give_back(std::string_view owner, std::uint64_t amount) {
  const Lock lock(mutex_);
  const auto found = owners_.find(owner);
  if (found == owners_.end()) return;
  amount = std::min(amount, found->second);
  taken_ -= amount;
  found->second -= amount;
  if (found->second == 0) owners_.erase(found);
}

void FairShare::set_limit(std::uint64_t limit) {
  const Lock lock(mutex_);
  limit_ = limit;
}

std::uint64_t FairShare::taken() const {
  const Lock lock(mutex_);
  return taken_;
}

}  // namespace logctl
