// Wall-clock time in UTC microseconds, and the seam through which tests set it.
#pragma once

#include <atomic>
#include <chrono>

namespace logctl {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Thread-safe. Owned by the program's top level and lent to everything that needs the time.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

// The machine's clock; one instance serves the whole process.
const Clock& system_clock();

// A clock that tests move by hand.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start.time_since_epoch().count()) {}
  Timestamp now() const override { return Timestamp(microseconds(now_.load())); }
  void set(Timestamp t) { now_ = t.time_since_epoch().count(); }
  void advance(microseconds by) { now_ += by.count(); }

 private:
  std::atomic<microseconds::rep> now_;
};

// The UTC day that holds `t`; partitions are cut along it.
inline std::chrono::sys_days day_of(Timestamp t) {
  return std::chrono::floor<std::chrono::days>(t);
}

inline std::int64_t to_micros(Timestamp t) { return t.time_since_epoch().count(); }
inline Timestamp from_micros(std::int64_t us) { return Timestamp(microseconds(us)); }

}  // namespace logctl
