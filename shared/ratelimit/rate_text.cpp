#include "shared/ratelimit/rate_text.h"

#include <fmt/format.h>

#include <cmath>

namespace logctl::ratelimit {
namespace {

constexpr double kExact = 1e-6;  // of the amount; 2/60 is no binary fraction

bool is_whole(double amount) {
  return amount >= 0.5 && std::abs(amount - std::round(amount)) <= kExact * amount;
}

}  // namespace

RateText rate_text(double per_second) {
  const RateText units[] = {{{}, "s", "second"}, {{}, "min", "minute"}, {{}, "h", "hour"}};
  double amount = per_second;
  for (RateText unit : units) {
    if (is_whole(amount)) {
      unit.amount = fmt::format("{:.0f}", amount);
      return unit;
    }
    amount *= 60;
  }
  return {fmt::format("{:.4g}", per_second), "s", "second"};
}

}  // namespace logctl::ratelimit
