#include "shared/metrics/repeats.h"

#include <utility>

namespace logctl::metrics {
namespace {

constexpr std::chrono::steady_clock::duration kInterval = std::chrono::seconds(1);

}  // namespace

std::optional<std::uint64_t> Repeats::admit(std::string_view name) {
  const auto now = std::chrono::steady_clock::now();
  const Lock lock(mutex_);
  const auto [entry, is_new] = entries_.try_emplace(std::string(name));
  if (!is_new && now - entry->second.written < kInterval) {
    ++entry->second.held_back;
    return std::nullopt;
  }
  entry->second.written = now;
  return std::exchange(entry->second.held_back, 0);
}

}  // namespace logctl::metrics
