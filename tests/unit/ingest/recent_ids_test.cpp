#include "shared/ingest/recent_ids.h"

#include "tests/support/catch.h"

#include <string>
#include <vector>

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

// True when it was new.
bool insert(ingest::RecentIds& ids, const LogRecord& record, ingest::RecentIds::SteadyTime now) {
  std::vector<LogRecord> records = {record};
  const std::size_t dropped = ids.drop_known(records, now);
  REQUIRE(dropped + records.size() == 1);
  return dropped == 0;
}

}  // namespace

TEST_CASE("recent ids: identity is time, id and tenant", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  CHECK(insert(ids, record("a"), kStart));
  CHECK_FALSE(insert(ids, record("a"), kStart));
  CHECK(ids.contains(record("a"), kStart));
  CHECK(insert(ids, record("a", 2), kStart));
  CHECK(insert(ids, record("a", 1, "other"), kStart));
  CHECK_FALSE(ids.contains(record("b"), kStart));
}

TEST_CASE("recent ids: without a time of its own a record is known by its id", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  LogRecord first = record("a", 1);
  first.dedup_by_id = true;
  LogRecord later = record("a", 2);
  later.dedup_by_id = true;
  CHECK(insert(ids, first, kStart));
  CHECK_FALSE(insert(ids, later, kStart));
}

TEST_CASE("recent ids: an id that was assigned here is always new", "[ingest]") {
  ingest::RecentIds ids(100, kWindow);
  LogRecord assigned = record("a");
  assigned.id_assigned = true;
  CHECK(insert(ids, assigned, kStart));
  CHECK(insert(ids, assigned, kStart));
  CHECK_FALSE(ids.contains(assigned, kStart));
}

TEST_CASE("recent ids: the newest are remembered, the oldest forgotten", "[ingest]") {
  constexpr int kSize = 1000;
  ingest::RecentIds ids(kSize, kWindow);
  for (int i = 0; i < 10 * kSize; ++i) {
    REQUIRE(insert(ids, record(std::to_string(i)), kStart));
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
    REQUIRE(insert(ids, record(std::to_string(hour)), now));
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
  CHECK(insert(ids, record("99"), later));
  CHECK_FALSE(insert(ids, record("99"), later));
}

TEST_CASE("recent ids: of many records the new ones stay, in their order", "[ingest]") {
  ingest::RecentIds ids(1000, kWindow);
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) names.push_back(std::to_string(i));
  std::vector<LogRecord> thirds;
  for (std::size_t i = 0; i < names.size(); i += 3) thirds.push_back(record(names[i]));
  CHECK(ids.drop_known(thirds, kStart) == 0);

  std::vector<LogRecord> all;
  for (const std::string& name : names) {
    all.push_back(record(name));
    all.push_back(record(name));  // and once more within the batch
  }
  CHECK(ids.drop_known(all, kStart) == 400);
  REQUIRE(all.size() == 200);
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].event_id == names[i / 2 * 3 + 1 + i % 2]);
  std::vector<LogRecord> none;
  CHECK(ids.drop_known(none, kStart) == 0);
}
