// Token buckets by name: so many tokens a second flow in, at most `burst` are kept, and what is
// asked for costs some: a request one, a batch one for each record, a body one for each byte.
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
  std::uint64_t limit = 0;                // the bucket's size; 0: no limit applies
  std::uint64_t remaining = 0;            // whole tokens left
  std::uint32_t reset_seconds = 0;        // until the bucket is full again, rounded up
  std::uint32_t retry_after_seconds = 0;  // when refused: until it would pass, at least 1
};

// Thread-safe; sharded so that keys rarely share a lock. Time is the steady clock, so a step of the
// wall clock neither opens nor closes a bucket.
class Limiter {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // Takes `cost` tokens from the bucket `name` if they are there. What costs more than the bucket
  // holds passes when the bucket is full and leaves it in debt, so that the rate holds for it too.
  // A `rate` of 0 or less means no limit.
  Decision take(std::string_view name, double rate, std::uint64_t burst, Instant now,
                double cost = 1);
  // What take() would say, taking nothing.
  Decision look(std::string_view name, double rate, std::uint64_t burst, Instant now,
                double cost = 1);
  // Takes them whether they are there or not: for a cost that is known only afterwards.
  void charge(std::string_view name, double rate, std::uint64_t burst, Instant now, double cost);
  // Forgets buckets that are full again, so that memory follows the active keys. Called by the
  // housekeeper.
  void sweep(Instant now);
  std::size_t size() const;

 private:
  enum class Mode { take, look, charge };
  Decision decide(Mode mode, std::string_view name, double rate, std::uint64_t burst, Instant now,
                  double cost);
  struct Bucket {
    double tokens = 0;  // below 0: in debt
    double rate = 0;
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
