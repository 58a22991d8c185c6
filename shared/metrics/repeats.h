// Holds back log lines that say the same again: the longer a name goes on, the longer the pause
// between its lines, from a second to a minute. After a quiet minute it begins anew.
//
// Thread-safe.
#pragma once

#include "shared/base/mutex.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::metrics {

class Repeats {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // How many were held back since the last line; nothing: hold this one back too.
  std::optional<std::uint64_t> admit(std::string_view name,
                                     SteadyTime now = std::chrono::steady_clock::now());

 private:
  struct Entry {
    SteadyTime written;
    SteadyTime seen;
    std::chrono::steady_clock::duration pause{};
    std::uint64_t held_back = 0;
  };
  Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ GUARDED_BY(mutex_);
};

}  // namespace logctl::metrics
