#include "shared/maintenance/runner.h"

#include "shared/base/time_text.h"
#include "shared/maintenance/retention.h"
#include "tests/support/catch.h"

using namespace logctl;
using maintenance::is_due;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

Timestamp at(std::string_view text) { return parse_rfc3339(text).value(); }

}  // namespace

TEST_CASE("maintenance: due after the interval, or once a day", "[maintenance]") {
  const Timestamp noon = at("2026-03-10T12:00:00Z");
  const maintenance::Schedule never{};
  CHECK_FALSE(is_due(never, std::nullopt, noon));
  const maintenance::Schedule hourly{{}, hours(1)};
  CHECK(is_due(hourly, std::nullopt, noon));
  CHECK_FALSE(is_due(hourly, noon - minutes(59), noon));
  CHECK(is_due(hourly, noon - hours(1), noon));
  CHECK(is_due(hourly, noon + minutes(1), noon));  // that clock was wrong
  const maintenance::Schedule daily{microseconds(hours(2) + minutes(30)), hours(1)};
  CHECK_FALSE(is_due(daily, at("2026-03-10T02:30:00Z"), noon));
  CHECK(is_due(daily, at("2026-03-10T02:29:59Z"), noon));
  CHECK_FALSE(is_due(daily, at("2026-03-09T02:31:00Z"), at("2026-03-10T02:29:00Z")));
  CHECK(is_due(daily, at("2026-03-09T02:31:00Z"), at("2026-03-10T02:30:00Z")));
}

TEST_CASE("retention: the longest matching rule counts, then the defaults", "[maintenance]") {
  const Timestamp now = at("2026-03-10T12:00:00Z");
  const auto rule = [now](std::string_view tenant, std::string_view match, microseconds age) {
    return maintenance::make_rule(tenant, match, age, now);
  };
  const maintenance::Policy policy(
      {rule("", "level:debug", days(3)), rule("", "service:api", days(9)),
       rule("b", "level:debug", days(1)), rule("b", "", days(2))},
      days(6));
  REQUIRE(policy.rules().size() == 5);  // with retention.default
  CHECK(policy.longest("a") == microseconds(days(9)));
  CHECK(policy.longest_for_others() == microseconds(days(9)));
  CHECK(policy.shortest() == microseconds(days(1)));
  CHECK(policy.tenants_with_rules() == std::vector<std::string>{"b"});

  const auto of_a = policy.parts("a", now);
  REQUIRE(of_a.size() == 3);
  CHECK(of_a[0].rule == 1);
  CHECK(of_a[0].query.until == now - days(9));
  CHECK(of_a[0].query.filters.size() == 1);
  CHECK(of_a[1].rule == 0);
  CHECK(of_a[1].query.filters.size() == 2);  // and not service:api
  CHECK(of_a[2].rule == 4);
  CHECK(of_a[2].query.until == now - days(6));
  const auto of_b = policy.parts("b", now);
  REQUIRE(of_b.size() == 3);
  CHECK(of_b[1].rule == 2);  // in place of the one for all
  CHECK(of_b[2].rule == 3);

  const maintenance::Policy partial({rule("", "level:debug", days(3))}, microseconds(0));
  CHECK_FALSE(partial.longest("a").has_value());
  CHECK(maintenance::Policy({}, microseconds(0)).empty());
  CHECK(partial.fingerprint() != policy.fingerprint());
}
