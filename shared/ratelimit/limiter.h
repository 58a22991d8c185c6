// Token buckets, one per key: `rps` tokens a second flow in, at most `burst` are kept, a request
// takes one.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace logctl::ratelimit {

struct Decision {
  bool allowed = true;
  std::uint32_t limit = 0;                // the bucket's size; 0: no limit applies
  std::uint32_t remaining = 0;            // whole tokens left
  std::uint32_t reset_seconds = 0;        // until the bucket is full again, rounded up
  std::uint32_t retry_after_seconds = 0;  // when refused: until one token is there, at least 1
};

// Thread-safe; sharded so that keys rarely share a lock. Time is the steady clock, so a step of the
// wall clock neither opens nor closes a bucket.
class Limiter {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Takes `cost` tokens (at most the bucket's size) from the bucket `name` if they are there. An
  // `rps` of 0 or less means no limit.
  Decision take(std::string_view name, double rps, std::uint32_t burst, Instant now,
                double cost = 1);
  // Forgets buckets that are full again, so that memory follows the active keys. Called by the
  // housekeeper.
  void sweep(Instant now);
  std::size_t size() const;

 private:
  struct Bucket {
    double tokens = 0;
    double rps = 0;
    double burst = 0;
    Instant updated;
    void refill(Instant now);
  };
  struct Shard {
    mutable Mutex mutex;
    std::unordered_map<std::string, Bucket> buckets GUARDED_BY(mutex);
  };
  Shard& shard(std::string_view name);
  std::array<Shard, 16> shards_;
};

}  // namespace logctl::ratelimit
