#include "shared/ratelimit/rate_text.h"

#include "tests/support/catch.h"

#include <string>

using logctl::ratelimit::rate_text;

namespace {

std::string shown(double per_second) {
  const auto text = rate_text(per_second);
  return text.amount + "/" + std::string(text.unit);
}

}  // namespace

TEST_CASE("rate text: the unit in which it is a whole number", "[ratelimit]") {
  CHECK(shown(100) == "100/s");
  CHECK(shown(1) == "1/s");
  CHECK(shown(2.0 / 60) == "2/min");
  CHECK(shown(90.0 / 60) == "90/min");
  CHECK(shown(5.0 / 3600) == "5/h");
  CHECK(shown(1e12) == "1000000000000/s");
  CHECK(shown(10'000'000.0 / 3600) == "10000000/h");
  CHECK(rate_text(1.0 / 60).word == "minute");
}

TEST_CASE("rate text: a rate that is whole in no unit", "[ratelimit]") {
  CHECK(shown(0.0001234) == "0.0001234/s");
  CHECK(shown(0.1234567) == "0.1235/s");
}
