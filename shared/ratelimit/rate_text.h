// Rates as people say them.
#pragma once

#include <string>
#include <string_view>

namespace logctl::ratelimit {

// A rate by the unit of time in which it is a whole number, as far as there is one.
struct RateText {
  std::string amount;     // `100`, `2`, `0.5`
  std::string_view unit;  // `s`, `min`, `h`, as the command line takes them
  std::string_view word;  // `second`, `minute`, `hour`
};
RateText rate_text(double per_second);

}  // namespace logctl::ratelimit
