// Holds back log lines that say the same again: at most one a second for each name.
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
  // How many were held back since the last line; nothing: hold this one back too.
  std::optional<std::uint64_t> admit(std::string_view name);

 private:
  struct Entry {
    std::chrono::steady_clock::time_point written;
    std::uint64_t held_back = 0;
  };
  Mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_ GUARDED_BY(mutex_);
};

}  // namespace logctl::metrics
