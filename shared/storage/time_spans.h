// Stretches of time, in order and apart from each other: where an index says that rows can be.
// Values.
#pragma once

#include "shared/base/clock.h"

#include <vector>

namespace logctl::storage {

struct TimeSpan {
  Timestamp first{};
  Timestamp last{};  // inclusive
  bool operator==(const TimeSpan&) const = default;
};
using TimeSpans = std::vector<TimeSpan>;

// Sorts, and joins what overlaps.
TimeSpans tidied(TimeSpans spans);
TimeSpans in_either(const TimeSpans& a, const TimeSpans& b);
TimeSpans in_both(const TimeSpans& a, const TimeSpans& b);

}  // namespace logctl::storage
