#include "shared/storage/arrivals.h"

#include "shared/storage/books.h"

#include <algorithm>
#include <thread>

namespace logctl::storage {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds kPause{200};
// A record is stored some time after it was received: by another process, maybe long after.
constexpr microseconds kUnderWay = seconds(10);

}  // namespace

PolledArrivals::PolledArrivals(LogStore& store, const Clock& clock)
    : store_(store),
      clock_(clock),
      known_(read()),
      looked_at_(clock.now()),
      next_look_(SteadyClock::now() + kPause) {}

PolledArrivals::Sums PolledArrivals::read() const {
  Sums sums;
  for (const Account& account : store_.accounts()) {
    if (account.what == "stored") sums[{account.source, account.tenant}] += account.count;
  }
  return sums;
}

microseconds PolledArrivals::reach_back() const { return kUnderWay; }

std::vector<Arrival> PolledArrivals::next(microseconds wait) {
  std::vector<Arrival> arrivals;
  const auto deadline = SteadyClock::now() + wait;
  while (arrivals.empty()) {
    std::this_thread::sleep_until(std::min(deadline, next_look_));
    if (SteadyClock::now() < next_look_) break;
    const auto begun = SteadyClock::now();
    const Timestamp now = clock_.now();
    Sums sums = read();
    for (const auto& [who, rows] : sums) {
      const auto before = known_.find(who);
      const std::uint64_t old = before == known_.end() ? 0 : before->second;
      if (rows <= old) continue;
      arrivals.push_back(
          Arrival{who.first, who.second, rows - old, {}, {}, looked_at_ - kUnderWay});
    }
    known_ = std::move(sums);
    looked_at_ = now;
    // A store with many busy days is not asked without a break.
    next_look_ = SteadyClock::now() +
                 std::max<SteadyClock::duration>(kPause, 3 * (SteadyClock::now() - begun));
  }
  return arrivals;
}

}  // namespace logctl::storage
