// Whether the store could be reached when last asked; kept by the housekeeper, read by the health
// answers.
#pragma once

#include <atomic>

namespace logctl {

struct StoreHealth {
  std::atomic<bool> reachable{true};
};

}  // namespace logctl
