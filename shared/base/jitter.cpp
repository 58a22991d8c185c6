#include "shared/base/jitter.h"

#include <cstdint>
#include <random>

namespace logctl {

microseconds jittered(microseconds pause) {
  thread_local std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> factor(0.5, 1.5);
  return microseconds(
      static_cast<std::int64_t>(static_cast<double>(pause.count()) * factor(random)));
}

}  // namespace logctl
