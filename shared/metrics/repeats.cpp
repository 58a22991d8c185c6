#include "shared/metrics/repeats.h"

#include <algorithm>
#include <utility>

namespace logctl::metrics {
namespace {

constexpr std::chrono::steady_clock::duration kShortest = std::chrono::seconds(1);
constexpr std::chrono::steady_clock::duration kLongest = std::chrono::minutes(1);

}  // namespace

std::optional<std::uint64_t> Repeats::admit(std::string_view name, SteadyTime now) {
  const Lock lock(mutex_);
  const auto [place, is_new] = entries_.try_emplace(std::string(name));
  Entry& entry = place->second;
  const bool anew = is_new || now - entry.seen >= kLongest;
  entry.seen = now;
  if (!anew && now - entry.written < entry.pause) {
    ++entry.held_back;
    return std::nullopt;
  }
  entry.written = now;
  entry.pause = anew ? kShortest : std::min(2 * entry.pause, kLongest);
  return std::exchange(entry.held_back, 0);
}

}  // namespace logctl::metrics
