#include "shared/ratelimit/limiter.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

namespace logctl::ratelimit {
namespace {

// Sums of many small refills may miss a whole token by rounding; nobody should wait for that.
constexpr double kRounding = 1e-9;

std::uint32_t whole_seconds(double value) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  const double up = std::ceil(value - kRounding);
  if (up <= 0) return 0;
  return up >= static_cast<double>(kMost) ? kMost : static_cast<std::uint32_t>(up);
}

}  // namespace

Limiter::Shard& Limiter::shard(std::string_view name) {
  return shards_[std::hash<std::string_view>()(name) % shards_.size()];
}

// Time that went backwards (callers read the clock before they get the lock) refills nothing.
void Limiter::Bucket::refill(Instant now) {
  if (now <= updated) return;
  const double elapsed = std::chrono::duration<double>(now - updated).count();
  tokens = std::min(burst, tokens + elapsed * rate);
  updated = now;
}

Decision Limiter::take(std::string_view name, double rate, std::uint64_t burst, Instant now,
                       double cost) {
  return decide(Mode::take, name, rate, burst, now, cost);
}

Decision Limiter::look(std::string_view name, double rate, std::uint64_t burst, Instant now,
                       double cost) {
  return decide(Mode::look, name, rate, burst, now, cost);
}

void Limiter::charge(std::string_view name, double rate, std::uint64_t burst, Instant now,
                     double cost) {
  decide(Mode::charge, name, rate, burst, now, cost);
}

Decision Limiter::decide(Mode mode, std::string_view name, double rate, std::uint64_t burst,
                         Instant now, double cost) {
  if (!(rate > 0)) return {};
  const auto size = static_cast<double>(std::max<std::uint64_t>(burst, 1));

  Shard& part = shard(name);
  const Lock lock(part.mutex);
  const auto [entry, is_new] = part.buckets.try_emplace(std::string(name));
  Bucket& bucket = entry->second;
  if (is_new) {
    bucket = {size, rate, size, now};
  } else {
    bucket.refill(now);
    bucket.rate = rate;
    bucket.burst = size;
    bucket.tokens = std::min(bucket.tokens, size);
  }

  Decision decision;
  const double needed = std::min(cost, size);
  decision.allowed = bucket.tokens + kRounding >= needed;
  if (mode == Mode::charge || (mode == Mode::take && decision.allowed)) {
    bucket.tokens -= cost;
    if (std::abs(bucket.tokens) < kRounding) bucket.tokens = 0;
  }
  if (!decision.allowed) {
    decision.retry_after_seconds = std::max(1U, whole_seconds((needed - bucket.tokens) / rate));
  }
  decision.limit = static_cast<std::uint64_t>(size);
  decision.remaining = static_cast<std::uint64_t>(std::max(0.0, bucket.tokens + kRounding));
  decision.reset_seconds = whole_seconds((size - bucket.tokens) / rate);
  return decision;
}

void Limiter::sweep(Instant now) {
  for (Shard& part : shards_) {
    const Lock lock(part.mutex);
    for (auto entry = part.buckets.begin(); entry != part.buckets.end();) {
      Bucket& bucket = entry->second;
      bucket.refill(now);
      const bool full = bucket.tokens + kRounding >= bucket.burst;
      entry = full ? part.buckets.erase(entry) : std::next(entry);
    }
  }
}

std::size_t Limiter::size() const {
  std::size_t total = 0;
  for (const Shard& part : shards_) {
    const Lock lock(part.mutex);
    total += part.buckets.size();
  }
  return total;
}

}  // namespace logctl::ratelimit
