// Waiting for a condition that another thread brings about and that nothing announces.
#pragma once

#include <chrono>
#include <thread>

namespace logctl::test {

// True as soon as `condition` holds; false when it does not for a time that only a hang takes.
template <typename Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace logctl::test
