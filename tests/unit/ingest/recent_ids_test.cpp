#include "shared/ingest/recent_ids.h"

#include "tests/support/catch.h"

#include <string>

using namespace logctl;

namespace {

LogRecord record(std::string_view id, std::int64_t micros = 1, std::string_view tenant = "t") {
  LogRecord result;
  result.event_id = id;
  result.tenant = tenant;
  result.timestamp = from_micros(micros);
  return result;
}

}  // namespace

TEST_CASE("recent ids: identity is time, id and tenant", "[ingest]") {
  ingest::RecentIds ids(100);
  CHECK(ids.insert(record("a")));
  CHECK_FALSE(ids.insert(record("a")));
  CHECK(ids.contains(record("a")));
  CHECK(ids.insert(record("a", 2)));
  CHECK(ids.insert(record("a", 1, "other")));
  CHECK_FALSE(ids.contains(record("b")));
}

TEST_CASE("recent ids: without a time of its own a record is known by its id", "[ingest]") {
  ingest::RecentIds ids(100);
  LogRecord first = record("a", 1);
  first.dedup_by_id = true;
  LogRecord later = record("a", 2);
  later.dedup_by_id = true;
  CHECK(ids.insert(first));
  CHECK_FALSE(ids.insert(later));
}

TEST_CASE("recent ids: an id that was assigned here is always new", "[ingest]") {
  ingest::RecentIds ids(100);
  LogRecord assigned = record("a");
  assigned.id_assigned = true;
  CHECK(ids.insert(assigned));
  CHECK(ids.insert(assigned));
  CHECK_FALSE(ids.contains(assigned));
}

TEST_CASE("recent ids: the newest are remembered, the oldest forgotten", "[ingest]") {
  constexpr int kSize = 1000;
  ingest::RecentIds ids(kSize);
  for (int i = 0; i < 10 * kSize; ++i) {
    REQUIRE(ids.insert(record(std::to_string(i))));
    const int oldest_kept = std::max(0, i - kSize + 1);
    REQUIRE(ids.contains(record(std::to_string(oldest_kept))));
  }
  CHECK_FALSE(ids.contains(record("0")));
  ids.clear();
  CHECK_FALSE(ids.contains(record(std::to_string(10 * kSize - 1))));
}
