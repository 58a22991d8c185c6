// What the conformance list cannot see: that index files are used, and when they are not.
#include "shared/storage/sqlite/index_search.h"

#include "shared/query/syntax.h"
#include "shared/storage/index_upkeep.h"
#include "shared/storage/sqlite/late_rows.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

#include <fmt/format.h>

using namespace logctl;
using namespace logctl::test;
using storage::TimeSpans;
using namespace storage::sqlite;

namespace {

constexpr int kRows = 1000;
const std::vector<std::string> kFields = {"level", "text", "user_id"};

// A closed day of a thousand rows, one a second: 16 blocks.
struct IndexedDay : SqliteStore {
  Timestamp start{day_of(clock.now()) - std::chrono::days(2)};
  Day day = day_of(start);
  IndexSearch search{directory, 4};

  IndexedDay() {
    std::deque<std::string> texts;
    std::deque<LogRecord> records;
    std::vector<const LogRecord*> pointers;
    for (int i = 0; i < kRows; ++i) {
      LogRecord& record = records.emplace_back();
      record.timestamp = start + seconds(i);
      record.received_at = record.timestamp;
      record.event_id = texts.emplace_back(fmt::format("e{:04}", i));
      record.user_id = texts.emplace_back(fmt::format("user-{}", i / 10));
      record.message = i == 500 ? "One of a kind" : "the usual";
      record.level = i % 2 == 0 ? Level::info : Level::warn;
      pointers.push_back(&record);
    }
    logs().append(pointers, {"test"});
    build();
  }

  void build() {
    storage::build_indexes(
        *backend.indexes,
        storage::plan_indexes(*backend.indexes, {kFields, microseconds(0)}, clock.now()));
  }
  std::optional<TimeSpans> narrow(std::string_view text) {
    query::Query query;
    query::parse_text(text, clock.now(), query);
    Connection connection(directory.day_file(day), Mode::read_only, seconds(1));
    return search.narrow(connection, day, query.filters);
  }
  // The one block that holds row `i`.
  bool is_block_of(const std::optional<TimeSpans>& spans, int i) const {
    return spans && spans->size() == 1 && spans->front().first <= start + seconds(i) &&
           spans->front().last >= start + seconds(i) &&
           spans->front().last - spans->front().first < seconds(kRowsPerBlock);
  }
};

}  // namespace

TEST_CASE("sqlite index: a question is narrowed to the blocks that can hold its rows",
          "[storage]") {
  IndexedDay world;
  CHECK(world.is_block_of(world.narrow("user_id:user-50"), 500));
  CHECK(world.is_block_of(world.narrow("\"ONE OF a\""), 500));
  CHECK(world.is_block_of(world.narrow("message:*of*kind"), 500));
  CHECK(world.narrow("\"two of a kind\"") == TimeSpans{});
  CHECK(world.narrow("user_id:nobody") == TimeSpans{});
  CHECK(world.narrow("(user_id:user-1 or user_id:user-99)")->size() == 2);
  CHECK(world.narrow("user_id:user-1 \"one of\"") == TimeSpans{});
  CHECK(world.is_block_of(world.narrow("level:info user_id:user-50"), 500));
}

TEST_CASE("sqlite index: what nothing is known about is read as a whole", "[storage]") {
  IndexedDay world;
  CHECK_FALSE(world.narrow("usual"));       // nearly everywhere
  CHECK_FALSE(world.narrow("level:info"));  // the same
  CHECK_FALSE(world.narrow("on"));          // too short
  CHECK_FALSE(world.narrow("host:x"));      // no such index
  CHECK_FALSE(world.narrow("-user_id:user-1"));
  CHECK_FALSE(world.narrow("(user_id:user-1 or host:x)"));
}

TEST_CASE("sqlite index: late records are looked at by their time", "[storage]") {
  IndexedDay world;
  LogRecord late;
  late.timestamp = world.start + std::chrono::hours(20);
  late.received_at = world.clock.now();
  late.event_id = "late";
  const LogRecord* records[] = {&late};
  world.logs().append(records, {"test"});
  const auto spans = world.narrow("user_id:user-50");
  REQUIRE(spans);
  CHECK(spans->size() == 2);
  CHECK(spans->back() == storage::TimeSpan{late.timestamp, late.timestamp});
}

TEST_CASE("sqlite index: files of another state of the day are not used", "[storage]") {
  IndexedDay world;
  {
    Connection connection(world.directory.day_file(world.day), Mode::read_write, seconds(1));
    mark_anew(connection, "another", 0);
  }
  CHECK_FALSE(world.narrow("user_id:user-50"));
  for (const storage::DayIndex& index : world.backend.indexes->indexes()) {
    CHECK(index.state == storage::IndexState::missing);
  }
  world.build();
  CHECK(world.is_block_of(world.narrow("user_id:user-50"), 500));
}

TEST_CASE("sqlite index: files of a day that has gone are removed", "[storage]") {
  IndexedDay world;
  world.remove_day(2);
  CHECK(world.backend.indexes->indexes().empty());
  REQUIRE(world.backend.indexes->try_pass());
  for (const auto& entry : std::filesystem::directory_iterator(world.directory.indexes())) {
    CHECK(entry.path().filename() == "lock");
  }
}

TEST_CASE("sqlite index: a day that retention drops takes its files along", "[storage]") {
  IndexedDay world;
  const std::string begin = format_day(world.day) + ".";
  const auto files = [&] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(world.directory.indexes())) {
      if (entry.path().filename().string().starts_with(begin)) ++count;
    }
    return count;
  };
  REQUIRE(files() > 0);
  CHECK(world.backend.days->drop(world.day, [](const storage::RowsByTenant&) { return true; }) ==
        kRows);
  CHECK(files() == 0);
}

TEST_CASE("sqlite index: the name of a file tells day and field", "[storage]") {
  const Directory directory("/store");
  const Day day = day_of(parse_rfc3339("2026-03-08T00:00:00Z").value());
  for (const std::string field :
       {"user_id", "properties.a/b", "properties.größe", "properties.%"}) {
    const auto file = index_file(directory, day, field);
    CHECK(file.parent_path() == directory.indexes());
    CHECK(parse_index_file(file) == std::pair{day, field});
  }
  CHECK_FALSE(parse_index_file("/store/indexes/lock"));
  CHECK_FALSE(parse_index_file("/store/indexes/2026-03-08.sqlite"));
}
