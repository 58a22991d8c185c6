#include "tests/conformance/world.h"

#include <algorithm>
#include <deque>
#include <thread>

using namespace logctl;
using namespace logctl::test;

namespace {

constexpr Outcome kStored = Outcome::stored;
constexpr Outcome kDuplicate = Outcome::duplicate;

query::Query everything() {
  query::Query query;
  query.limit = 100'000;
  return query;
}

}  // namespace

TEST_CASE("append: nothing to store is no work", "[append]") {
  World world;
  CHECK(world.append(Rows{}).empty());
  CHECK(world.logs().total_rows() == 0);
}

TEST_CASE("append: a record comes back with every field as it was", "[append]") {
  World world;
  Rows rows;
  LogRecord& full = rows.add(at("2026-03-10T11:59:59.123456Z"), "order/17 é", "team-a");
  full.received_at = at("2026-03-10T12:00:00.000001Z");
  full.processed_at = at("2026-03-10T12:00:00.000002Z");
  full.service = "checkout";
  full.message = "paid\nwith \"quotes\", a tab\t and \\ backslash";
  full.event_type = "behavioral";
  full.event_name = "order.paid";
  full.user_id = "u-1";
  full.session_id = "s-1";
  full.app_version = "1.2.3-rc.1+5";
  full.host = "web-01";
  full.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  full.span_id = "00f067aa0ba902b7";
  full.priority = "high";
  full.properties = R"({"total": 12})";
  full.device_info = R"({"os": "linux"})";
  full.sequence_number = -9'223'372'036'854'775'807;
  full.level = Level::warning;
  CHECK(world.append(rows) == Outcomes{kStored});
  world.reopen();

  const auto page = world.logs().find("team-a", {full.timestamp, "order/17 é"});
  REQUIRE(page.has_value());
  REQUIRE(page->batch.records.size() == 1);
  const LogRecord& found = page->batch.records.front();
  CHECK(found.timestamp == full.timestamp);
  CHECK(found.received_at == full.received_at);
  CHECK(found.processed_at == full.processed_at);
  CHECK(found.event_id == full.event_id);
  CHECK(found.tenant == full.tenant);
  CHECK(found.service == full.service);
  CHECK(found.message == full.message);
  CHECK(found.event_type == full.event_type);
  CHECK(found.event_name == full.event_name);
  CHECK(found.user_id == full.user_id);
  CHECK(found.session_id == full.session_id);
  CHECK(found.app_version == full.app_version);
  CHECK(found.host == full.host);
  CHECK(found.trace_id == full.trace_id);
  CHECK(found.span_id == full.span_id);
  CHECK(found.priority == full.priority);
  CHECK(found.sequence_number == full.sequence_number);
  CHECK(found.level == Level::warning);
}

TEST_CASE("append: absent fields stay absent", "[append]") {
  World world;
  Rows rows;
  rows.add(world.clock.now(), "bare").message = {};
  world.append(rows);
  const auto page = world.logs().find("default", {world.clock.now(), "bare"});
  REQUIRE(page.has_value());
  const LogRecord& found = page->batch.records.front();
  for (const std::string_view text :
       {found.service, found.message, found.event_type, found.event_name, found.user_id,
        found.session_id, found.app_version, found.host, found.trace_id, found.span_id,
        found.properties, found.device_info}) {
    CHECK(text.empty());
  }
  CHECK(found.level == Level::none);
  CHECK(found.priority == "normal");
  CHECK_FALSE(found.sequence_number.has_value());
  CHECK_FALSE(found.processed_at.has_value());
}

TEST_CASE("append: of equal records in one call the first is stored", "[append]") {
  World world;
  Rows rows;
  rows.add(world.clock.now(), "a").message = "first";
  rows.add(world.clock.now(), "b");
  rows.add(world.clock.now(), "a").message = "second";
  CHECK(world.append(rows) == Outcomes{kStored, kStored, kDuplicate});
  CHECK(world.logs().find("default", {world.clock.now(), "a"})->batch.records[0].message ==
        "first");
  CHECK(world.logs().total_rows() == 2);
}

TEST_CASE("append: a record that is present is a duplicate in every later call and instance",
          "[append]") {
  World world;
  Rows rows;
  rows.add(world.clock.now(), "a");
  rows.add(world.clock.now() - std::chrono::hours(30), "b");
  CHECK(world.append(rows) == Outcomes{kStored, kStored});
  CHECK(world.append(rows) == Outcomes{kDuplicate, kDuplicate});
  storage::Backend other = world.another();
  CHECK(World::append_to(*other.logs, rows) == Outcomes{kDuplicate, kDuplicate});
  rows.add(world.clock.now(), "c");
  CHECK(World::append_to(*other.logs, rows) == Outcomes{kDuplicate, kDuplicate, kStored});
  CHECK(world.append(rows) == Outcomes{kDuplicate, kDuplicate, kDuplicate});
  world.reopen();
  CHECK(world.append(rows) == Outcomes{kDuplicate, kDuplicate, kDuplicate});
  CHECK(world.logs().total_rows() == 3);
}

TEST_CASE("append: tenant and time belong to the identity", "[append]") {
  World world;
  Rows rows;
  const Timestamp now = world.clock.now();
  rows.add(now, "a", "one");
  rows.add(now, "a", "two");
  rows.add(now + microseconds(1), "a", "one");
  rows.add(now, "A", "one");
  CHECK(world.append(rows) == Outcomes{kStored, kStored, kStored, kStored});
  CHECK(world.append(rows) == Outcomes{kDuplicate, kDuplicate, kDuplicate, kDuplicate});
}

TEST_CASE("append: records in any order and of many days are all kept", "[append]") {
  config::Config config;
  config.storage.sqlite_open_days = 2;  // fewer than days in one call
  World world(config);
  Rows rows;
  for (int i = 0; i < 120; ++i) {
    const int day = i * 7 % 40;
    rows.add(world.clock.now() - std::chrono::hours(24 * day) - seconds(i), std::to_string(i));
  }
  CHECK(world.append(rows) == Outcomes(120, kStored));
  CHECK(world.append(rows) == Outcomes(120, kDuplicate));
  world.reopen();
  const storage::Page page = world.logs().search(everything());
  CHECK(page.batch.records.size() == 120);
  CHECK(std::is_sorted(page.batch.records.rbegin(), page.batch.records.rend(),
                       [](const auto& a, const auto& b) { return a.timestamp < b.timestamp; }));
  CHECK(world.logs().total_rows() == 120);
}

TEST_CASE("append: times at the edges of days and before 1970 keep their microseconds",
          "[append]") {
  World world;
  const std::vector<std::string_view> times = {
      "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "2026-03-09T23:59:59.999999Z",
      "2026-03-10T00:00:00Z", "2026-03-10T00:00:00.000001Z"};
  Rows rows;
  for (const std::string_view time : times) rows.add(at(time), "e");
  CHECK(world.append(rows) == Outcomes(times.size(), kStored));
  for (const std::string_view time : times) {
    INFO(time);
    const auto page = world.logs().find("default", {at(time), "e"});
    REQUIRE(page.has_value());
    CHECK(page->batch.records.front().timestamp == at(time));
  }
}

TEST_CASE("append: text in every script and of every length survives", "[append]") {
  World world;
  Rows rows;
  std::string large;
  while (large.size() < 1024 * 1024) large += "0123456789 äöü 漢字 🦀 ";
  const std::vector<std::string> texts = {"Ünïcödé",
                                          "漢字かな交じり文",
                                          "🦀👩‍👩‍👧‍👦🏳️‍🌈",
                                          "\xEF\xBF\xBD and \xF4\x8F\xBF\xBF",
                                          "e\xCC\x81 stays decomposed",
                                          "\x01\x1f\x7f control",
                                          large};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    LogRecord& record = rows.add(world.clock.now(), "id " + std::to_string(i) + " 🦀");
    record.message = texts[i];
    record.user_id = "Zoë 🦀";
  }
  CHECK(world.append(rows) == Outcomes(texts.size(), kStored));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto page =
        world.logs().find("default", {world.clock.now(), "id " + std::to_string(i) + " 🦀"});
    REQUIRE(page.has_value());
    CHECK((page->batch.records.front().message == texts[i]));
    CHECK(page->batch.records.front().user_id == "Zoë 🦀");
  }
}

TEST_CASE("append by id: a retry with another time is a duplicate", "[append]") {
  World world;
  CHECK(world.append_by_id(world.logs(), "x") == kStored);
  world.clock.advance(seconds(5));
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
  CHECK(world.append_by_id(world.logs(), "y") == kStored);
  CHECK(world.append_by_id(world.logs(), "x", "other") == kStored);
  storage::Backend other = world.another();
  CHECK(world.append_by_id(*other.logs, "x") == kDuplicate);
  world.reopen();
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
  CHECK(world.logs().total_rows() == 3);
}

TEST_CASE("append by id: of equal ids in one call the first is stored", "[append]") {
  World world;
  Rows rows;
  for (const int offset : {2, 1, 3}) {
    rows.add(world.clock.now() + seconds(offset), "x").dedup_by_id = true;
  }
  CHECK(world.append(rows) == Outcomes{kStored, kDuplicate, kDuplicate});
  CHECK(world.logs().find("default", {world.clock.now() + seconds(2), "x"}).has_value());
}

TEST_CASE("append by id: midnight does not make a retry new, the window's end does", "[append]") {
  World world;
  world.clock.set(at("2026-03-10T23:59:59Z"));
  CHECK(world.append_by_id(world.logs(), "x") == kStored);
  world.clock.set(at("2026-03-11T00:00:01Z"));
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
  storage::Backend other = world.another();
  CHECK(world.append_by_id(*other.logs, "x") == kDuplicate);
  world.clock.set(at("2026-03-11T23:00:00Z"));
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
  world.logs().maintain(world.clock.now());
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
  world.clock.set(at("2026-03-12T00:00:01Z"));
  world.logs().maintain(world.clock.now());
  CHECK(world.append_by_id(world.logs(), "x") == kStored);
  CHECK(world.append_by_id(world.logs(), "x") == kDuplicate);
}

TEST_CASE("append by id: only such records look at earlier ids", "[append]") {
  World world;
  CHECK(world.append_by_id(world.logs(), "x") == kStored);
  Rows rows;
  rows.add(world.clock.now() + seconds(1), "x");
  CHECK(world.append(rows) == Outcomes{kStored});
}

TEST_CASE("append: two instances at once store every record exactly once", "[append]") {
  World world;
  storage::Backend other = world.another();
  constexpr int kRecords = 2000;
  constexpr int kPerCall = 100;
  std::deque<Rows> calls;
  for (int first = 0; first < kRecords; first += kPerCall) {
    Rows& rows = calls.emplace_back();
    for (int i = first; i < first + kPerCall; ++i) {
      rows.add(world.clock.now() - std::chrono::hours(i % 3 * 24) + microseconds(i),
               std::to_string(i))
          .dedup_by_id = i % 2 == 0;
    }
  }
  std::vector<Outcome> outcomes[2];
  const auto work = [&](storage::LogStore& logs, std::vector<Outcome>& into) {
    for (const Rows& rows : calls) {
      const storage::AppendResult result = logs.append(rows.pointers(), {"test"});
      into.insert(into.end(), result.outcomes.begin(), result.outcomes.end());
    }
  };
  std::thread second([&] { work(*other.logs, outcomes[1]); });
  work(world.logs(), outcomes[0]);
  second.join();
  int wrong = 0;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const bool once = (outcomes[0][i] == kStored && outcomes[1][i] == kDuplicate) ||
                      (outcomes[0][i] == kDuplicate && outcomes[1][i] == kStored);
    if (!once) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(world.logs().total_rows() == kRecords);
}

TEST_CASE("maintain: closed days stay complete and take late records", "[append]") {
  World world;
  Rows rows;
  rows.add(world.clock.now(), "a");
  world.append(rows);
  CHECK(world.append_by_id(world.logs(), "b") == kStored);
  world.clock.advance(std::chrono::hours(72));
  world.logs().maintain(world.clock.now());
  world.logs().maintain(world.clock.now());
  CHECK(world.logs().total_rows() == 2);
  CHECK(world.append(rows) == Outcomes{kDuplicate});
  Rows late;
  late.add(rows[0].timestamp, "late");
  CHECK(world.append(late) == Outcomes{kStored});
  world.logs().maintain(world.clock.now());
  CHECK(world.logs().count(everything()) == 3);
}

TEST_CASE("ping: a store that is there answers", "[append]") {
  World world;
  CHECK_NOTHROW(world.logs().ping());
}
