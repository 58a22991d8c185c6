#include "shared/storage/postgres/search_windows.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

using namespace logctl;
using query::Order;
using query::Query;
using storage::postgres::search_windows;

namespace {

Timestamp at(const char* text) { return *parse_rfc3339(text); }
const Timestamp kNow = at("2026-03-10T12:00:00Z");

}  // namespace

TEST_CASE("search windows: the newest page is looked for today first", "[storage]") {
  const auto parts = search_windows(Query{}, kNow);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].since == at("2026-03-10T00:00:00Z"));
  CHECK_FALSE(parts[0].until);
  CHECK_FALSE(parts[1].since);
  CHECK(parts[1].until == at("2026-03-10T00:00:00Z"));
}

TEST_CASE("search windows: a page behind a position is looked for on its day first", "[storage]") {
  Query query;
  query.after = query::Cursor{at("2026-02-01T06:00:00Z"), "id"};
  auto parts = search_windows(query, kNow);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].since == at("2026-02-01T00:00:00Z"));
  CHECK(parts[0].after);
  CHECK(parts[1].until == at("2026-02-01T00:00:00Z"));
  CHECK_FALSE(parts[1].after);

  query.order = Order::ascending;
  parts = search_windows(query, kNow);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].until == at("2026-02-02T00:00:00Z"));
  CHECK(parts[0].after);
  CHECK(parts[1].since == at("2026-02-02T00:00:00Z"));
  CHECK_FALSE(parts[1].after);
}

TEST_CASE("search windows: bounds stay, and one day stays one question", "[storage]") {
  Query query;
  query.since = at("2026-03-01T05:00:00Z");
  query.until = at("2026-03-02T00:00:00Z");
  CHECK(search_windows(query, kNow).size() == 1);
  query.until = at("2026-03-05T01:00:00Z");
  auto parts = search_windows(query, kNow);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].since == at("2026-03-05T00:00:00Z"));
  CHECK(parts[0].until == query.until);
  CHECK(parts[1].since == query.since);
  CHECK(parts[1].until == at("2026-03-05T00:00:00Z"));
  query.order = Order::ascending;
  parts = search_windows(query, kNow);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].until == at("2026-03-02T00:00:00Z"));
  CHECK(parts[1].since == at("2026-03-02T00:00:00Z"));
  CHECK(parts[1].until == query.until);
}

TEST_CASE("search windows: other orders and pages by number are one question", "[storage]") {
  Query query;
  query.offset = 50;
  CHECK(search_windows(query, kNow).size() == 1);
  query.offset = 0;
  query.sort = query::Field::level;
  CHECK(search_windows(query, kNow).size() == 1);
  query = {};
  query.order = Order::ascending;
  CHECK(search_windows(query, kNow).size() == 1);
}
