#include "shared/storage/minute_groups.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace logctl;
using storage::MinuteGroups;

namespace {

LogRecord record_at(std::string_view time) {
  LogRecord record;
  record.timestamp = *parse_rfc3339(time);
  return record;
}

}  // namespace

TEST_CASE("minute groups: equal fields of one minute are one group", "[storage]") {
  MinuteGroups groups(10);
  LogRecord record = record_at("2026-01-15T10:00:59.999999Z");
  record.service = "api";
  groups.add(record, "default");
  record.timestamp -= seconds(59);
  groups.add(record, "default");
  groups.add(record, "other");
  record.level = Level::warn;
  groups.add(record, "default");
  record.timestamp += seconds(60);
  groups.add(record, "default");
  REQUIRE(groups.counts().size() == 4);
  CHECK(groups.counts()[0].rows == 2);
  CHECK(from_micros(groups.counts()[0].minute) == *parse_rfc3339("2026-01-15T10:00:00Z"));
  CHECK(groups.counts()[1].tenant == "other");
  CHECK(groups.counts()[2].level == "WARN");
  CHECK(from_micros(groups.counts()[3].minute) == *parse_rfc3339("2026-01-15T10:01:00Z"));
}

TEST_CASE("minute groups: text does not run over into the next field", "[storage]") {
  MinuteGroups groups(10);
  LogRecord record = record_at("2026-01-15T10:00:00Z");
  record.service = "a";
  record.event_type = "b";
  groups.add(record, "t");
  record.service = "ab";
  record.event_type = {};
  groups.add(record, "t");
  CHECK(groups.counts().size() == 2);
}

TEST_CASE("minute groups: minutes before 1970 begin at their start too", "[storage]") {
  MinuteGroups groups(1);
  groups.add(record_at("1969-12-31T23:59:59Z"), "t");
  CHECK(groups.counts().front().minute == -60'000'000);
}

namespace {

// So many different names in each of so many minutes.
MinuteGroups groups_of(std::size_t expected, int names, int minutes,
                       storage::Grain grain = storage::Grain::minutes) {
  static std::vector<std::string> kept;
  while (kept.size() < static_cast<std::size_t>(names)) {
    kept.push_back("n" + std::to_string(kept.size()));
  }
  MinuteGroups groups(expected, grain);
  for (int minute = 0; minute < minutes; ++minute) {
    for (int name = 0; name < names; ++name) {
      LogRecord record = record_at("2026-01-15T10:00:00Z");
      record.timestamp += std::chrono::minutes(minute);
      record.event_name = kept[static_cast<std::size_t>(name)];
      groups.add(record, "t");
    }
  }
  return groups;
}

}  // namespace

TEST_CASE("minute groups: what a batch of ordinary traffic falls into is fine", "[storage]") {
  // Twenty services, five levels, ten names each, one record of each.
  const MinuteGroups groups = groups_of(1000, 1000, 1);
  CHECK(groups.grain() == storage::Grain::minutes);
  CHECK(groups.counts().size() == 1000);
}

TEST_CASE("minute groups: too many by minute are counted by hour", "[storage]") {
  const MinuteGroups groups = groups_of(7200, 60, 120);
  CHECK(groups.grain() == storage::Grain::hours);
  CHECK_FALSE(groups.too_many());
  REQUIRE(groups.counts().size() == 120);
  for (const storage::MinuteCount& count : groups.counts()) {
    CHECK(count.rows == 60);
    CHECK(count.minute % 3'600'000'000 == 0);
  }
  CHECK(groups_of(100'000, 60, 120).grain() == storage::Grain::minutes);
}

TEST_CASE("minute groups: of a coarse day they begin by the hour", "[storage]") {
  const MinuteGroups groups = groups_of(10, 1, 90, storage::Grain::hours);
  REQUIRE(groups.counts().size() == 2);
  CHECK(groups.counts()[0].rows == 60);
  CHECK(groups.counts()[1].rows == 30);
}

TEST_CASE("minute groups: too many by hour are not counted", "[storage]") {
  CHECK_FALSE(groups_of(1200, 1000, 1).too_many());
  CHECK(groups_of(1200, 1001, 1).too_many());
  CHECK_FALSE(groups_of(2 * 1500, 1500, 1).too_many());
}
