#include "shared/query/number.h"

#include "tests/support/catch.h"

#include <compare>
#include <string>
#include <string_view>

namespace logctl::query {
namespace {

TEST_CASE("number: written without an exponent, digits behind the point stay", "[query]") {
  struct Case {
    std::string_view number;
    std::string_view plain;
  };
  const Case cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"42", "42"},
      {"-7", "-7"},
      {"1.10", "1.10"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.50e1", "15.0"},
      {"1.5e3", "1500"},
      {"1.5e-9", "0.0000000015"},
      {"-12.5e-1", "-1.25"},
      {"0e5", "0"},
      {"0e-3", "0.000"},
      {"100e-1", "10.0"},
      {"5.", "5"},
      {".5", "0.5"},
      {"007", "7"},
      {"123456789012345678901234567890", "123456789012345678901234567890"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.number);
    CHECK(plain_number(c.number) == c.plain);
    CHECK(std::is_eq(compare_numbers(c.number, c.plain)));
  }
}

TEST_CASE("number: compared by value and exactly", "[query]") {
  const std::string_view rising[] = {
      "-1e30",
      "-12.5",
      "-12.4999999999999999999999",
      "-1e-9",
      "0",
      "1e-9",
      "0.1",
      "0.10000000000000000000001",
      "9",
      "10",
      "10.5",
      "9007199254740992",
      "9007199254740993",
      "1e30",
  };
  for (std::size_t i = 0; i < std::size(rising); ++i) {
    for (std::size_t j = 0; j < std::size(rising); ++j) {
      CAPTURE(rising[i], rising[j]);
      CHECK(compare_numbers(rising[i], rising[j]) == (i <=> j));
    }
  }
  CHECK(std::is_eq(compare_numbers("1.10", "11e-1")));
  CHECK(std::is_eq(compare_numbers("-0", "0.0")));
  CHECK(std::is_gt(compare_numbers("1e99999999999999999999", "1e9")));
}

TEST_CASE("number: the grammar of JSON", "[query]") {
  for (const std::string_view good : {"0", "-0", "7", "10.25", "1e5", "2E-3", "-1.5e+10"}) {
    CAPTURE(good);
    CHECK(is_json_number(good));
  }
  for (const std::string_view bad :
       {"", "-", "+1", "07", ".5", "5.", "1e", "1e+", "0x1", "1 ", "NaN"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_json_number(bad));
  }
}

}  // namespace
}  // namespace logctl::query
