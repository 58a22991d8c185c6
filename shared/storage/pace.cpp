#include "shared/storage/pace.h"

#include "shared/base/cancellation.h"

#include <algorithm>
#include <thread>

namespace logctl::storage {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Short questions never rest.
constexpr std::chrono::milliseconds kShort{10};
// As many times as long as the work before took, but not for ever.
constexpr int kRests = 2;
constexpr std::chrono::milliseconds kLongest{2000};
constexpr std::chrono::milliseconds kTurn{50};  // between two looks at who waits

}  // namespace

Pace::Time::duration Pace::due(Time now) {
  const auto worked = now - working_since_;
  if (worked < kShort) return {};
  working_since_ = now;
  if (!load_.saturated(now)) return {};
  return std::min<Time::duration>(worked * kRests, kLongest);
}

Pace::Time::duration Pace::rest() {
  const Time begun = SteadyClock::now();
  const Time end = begun + due(begun);
  if (end == begun) return {};
  for (Time now = begun; now < end; now = SteadyClock::now()) {
    Cancellation::check();
    std::this_thread::sleep_for(std::min<Time::duration>(end - now, kTurn));
  }
  working_since_ = SteadyClock::now();
  return working_since_ - begun;
}

}  // namespace logctl::storage
