#include "cli/key_options.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::cli;

TEST_CASE("key options: rates by the second, minute and hour, of sizes too", "[cli]") {
  CHECK(parse_rate("100/s", false) == 100.0);
  CHECK(parse_rate("100", false) == 100.0);
  CHECK(parse_rate("2.5/s", false) == 2.5);
  CHECK(parse_rate("6000/m", false) == 100.0);
  CHECK(parse_rate("3600/h", false) == 1.0);
  CHECK(parse_rate("none", false) == 0.0);
  CHECK(parse_rate("10MB/s", true) == 1e7);
  CHECK(parse_rate("1KiB", true) == 1024.0);
  for (const char* bad : {"", "/s", "x", "-1/s", "0", "0/s", "nan", "inf", "1e13", "1/d", "1/s/s",
                          "1 /s", "10MB/s", "1/"}) {
    INFO(bad);
    CHECK_FALSE(parse_rate(bad, false));
  }
  for (const char* bad : {"1.5MB/s", "-1", "0", "MB/s"}) CHECK_FALSE(parse_rate(bad, true));
}

TEST_CASE("key options: a burst needs a rate, and no rate has no burst", "[cli]") {
  const auto fails = [](const TypedLimits& typed, std::string_view message, std::string_view hint) {
    try {
      (void)check_limits(typed, {});
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.message() == message);
      CHECK(error.hint() == hint);
    }
  };
  TypedLimits typed;
  typed.records_burst = "5";
  fails(typed, "--records-burst: there is no rate of records for it", "add --records 1000/s");
  typed = {};
  typed.bytes_burst = "5";
  fails(typed, "--bytes-burst: there is no rate of bytes for it", "add --bytes 10MB/s");
  typed = {};
  typed.burst = "0";
  fails(typed, "--burst: found '0', expected a whole number from 1 to 4294967295, or default", "");
  typed = {};
  typed.bytes = "5/d";
  fails(typed, "--bytes: found '5/d', expected a rate such as 10MB/s, or none", "");

  storage::KeyLimits limits;
  limits.records_rate = 5;
  limits.records_burst = 50;
  typed = {};
  typed.records_burst = "default";
  CHECK_FALSE(check_limits(typed, limits).records_burst);
  CHECK(check_limits(typed, limits).records_rate == 5.0);
  typed = {};
  typed.records = "none";
  CHECK(check_limits(typed, limits) == storage::KeyLimits());
}

TEST_CASE("key options: a duration is one, and no longer than a life", "[cli]") {
  CHECK(check_duration("overlap", "7d") == std::chrono::hours(24 * 7));
  CHECK(check_duration("overlap", "0") == microseconds(0));
  for (const char* bad : {"", "7", "soon", "15000000w"}) {
    INFO(bad);
    CHECK_THROWS_AS(check_duration("overlap", bad), Error);
  }
}
