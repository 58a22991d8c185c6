#include "shared/ingest/recent_ids.h"

#include "tests/support/catch.h"

#include <string>

using namespace logctl;

namespace {

constexpr microseconds kWindow = std::chrono::hours(24);
const ingest::RecentIds::SteadyTime kStart{std::chrono::hours(1000)};

LogRecord record(std::string_view id, std::int64_t micros = 1, std::string_view tenant = "t") {
  LogRecord result;
  result.event_id = id;
  result.tenant = tenant;
  result.timestamp = from_micros(micros);
  return result;
}

}  // namespace

TEST_CASE("recent ids: identity is time, id and tenant", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  CHECK(ids.insert(record("a"), kStart));
  CHECK_FALSE(ids.insert(record("a"), kStart));
  CHECK(ids.contains(record("a"), kStart));
  CHECK(ids.insert(record("a", 2), kStart));
  CHECK(ids.insert(record("a", 1, "other"), kStart));
  CHECK_FALSE(ids.contains(record("b"), kStart));
}

TEST_CASE("recent ids: without a time of its own a record is known by its id", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  LogRecord first = record("a", 1);
  first.dedup_by_id = true;
  LogRecord later = record("a", 2);
  later.dedup_by_id = true;
  CHECK(ids.insert(first, kStart));
  CHECK_FALSE(ids.insert(later, kStart));
}

TEST_CASE("recent ids: an id that was assigned here is always new", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  LogRecord assigned = record("a");
  assigned.id_assigned = true;
  CHECK(ids.insert(assigned, kStart));
  CHECK(ids.insert(assigned, kStart));
  CHECK_FALSE(ids.contains(assigned, kStart));
}

TEST_CASE("recent ids: the newest are remembered, the oldest forgotten", "[ingest]") {
  constexpr int kSize = 1000;
  ingest::RecentIds ids(kSize, kWindow);
  for (int i = 0; i < 10 * kSize; ++i) {
    REQUIRE(ids.insert(record(std::to_string(i)), kStart));
    const int oldest_kept = std::max(0, i - kSize + 1);
    REQUIRE(ids.contains(record(std::to_string(oldest_kept)), kStart));
  }
  CHECK_FALSE(ids.contains(record("0"), kStart));
  ids.clear();
  CHECK_FALSE(ids.contains(record(std::to_string(10 * kSize - 1)), kStart));
}

TEST_CASE("recent ids: none is remembered past the window, all for half of it", "[ingest]") {
  ingest::RecentIds ids(1000, kWindow);
  // One an hour: for days no table fills up.
  for (int hour = 0; hour < 100; ++hour) {
    const auto now = kStart + std::chrono::hours(hour);
    REQUIRE(ids.insert(record(std::to_string(hour)), now));
    for (int age = 0; age <= std::min(hour, 12); ++age) {
      REQUIRE(ids.contains(record(std::to_string(hour - age)), now));
    }
    for (int age = 24; age <= hour; ++age) {
      REQUIRE_FALSE(ids.contains(record(std::to_string(hour - age)), now));
    }
  }
  // After a pause longer than the window nothing is left, without an insertion that clears it.
  const auto later = kStart + std::chrono::hours(99) + kWindow;
  CHECK(ids.contains(record("99"), later - std::chrono::hours(13)));
  CHECK_FALSE(ids.contains(record("99"), later));
  CHECK(ids.insert(record("99"), later));
  CHECK_FALSE(ids.insert(record("99"), later));
}
