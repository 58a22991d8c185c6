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

TEST_CASE("minute groups: a few are always fine, of many only a share", "[storage]") {
  const auto too_many = [](std::size_t expected, std::size_t different) {
    MinuteGroups groups(expected);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < different; ++i) names.push_back("n" + std::to_string(i));
    for (std::size_t i = 0; i < different; ++i) {
      LogRecord record = record_at("2026-01-15T10:00:00Z");
      record.event_name = names[i];
      groups.add(record, "t");
    }
    if (!groups.too_many()) {
      CHECK(groups.counts().size() == different);
    }
    return groups.too_many();
  };
  CHECK_FALSE(too_many(1, 1));
  CHECK_FALSE(too_many(32, 32));
  CHECK(too_many(33, 33));
  CHECK_FALSE(too_many(8000, 1000));
  CHECK(too_many(8000, 1001));
}
