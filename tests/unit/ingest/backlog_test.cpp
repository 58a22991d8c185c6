#include "shared/ingest/backlog.h"

#include "shared/base/clock.h"
#include "tests/support/catch.h"

using namespace logctl;
using ingest::Backlog;

namespace {

using Tenants = std::map<std::string, std::uint64_t, std::less<>>;
const Backlog::SteadyTime kStart{std::chrono::hours(1)};

}  // namespace

TEST_CASE("backlog: records by tenant, only those that have some", "[ingest]") {
  Backlog backlog;
  backlog.add("a", 3);
  backlog.add("b", 1);
  backlog.add("a", 2);
  backlog.add("none", 0);
  CHECK(backlog.depth().records == 6);
  CHECK(backlog.depth().by_tenant == Tenants{{"a", 5}, {"b", 1}});
  backlog.take("b", 1);
  backlog.take("a", 4);
  backlog.take("unknown", 4);
  CHECK(backlog.depth().by_tenant == Tenants{{"a", 1}});
  backlog.take("a", 100);
  CHECK(backlog.depth().records == 0);
}

TEST_CASE("backlog: the rate of a steady flow is that flow, and ends with it", "[ingest]") {
  Backlog backlog;
  CHECK(backlog.rate(kStart) == 0);
  Backlog::SteadyTime now = kStart;
  for (int i = 0; i < 600; ++i) {
    now += milliseconds(100);
    backlog.drained(1000, now);
  }
  CHECK(backlog.rate(now) == Approx(10'000).epsilon(0.02));
  const double later = backlog.rate(now + seconds(5));
  CHECK(later > 3000);
  CHECK(later < 4000);
  CHECK(backlog.rate(now + seconds(11)) == 0);
  CHECK(backlog.rate(now - seconds(5)) == Approx(10'000).epsilon(0.02));
  backlog.stalled();
  CHECK(backlog.rate(now) == 0);
}
