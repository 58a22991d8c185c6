// What only this store can get wrong when records are appended: refusals row by row, the two ways
// to find duplicates, partitions made by several at once.
#include "shared/storage/postgres/open.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::test;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");

// A migrated store in a schema that the test can look into.
struct PostgresWorld {
  ManualClock clock{kNoon};
  config::Config config;
  PostgresSchema schema;
  storage::Backend backend;

  explicit PostgresWorld(config::Config settings = {}) : config(std::move(settings)) {
    backend = another();
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
  }
  storage::Backend another() const {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    return storage::postgres::open_postgres(config, target, clock, storage::Access::read_write);
  }
  storage::LogStore& logs() { return *backend.logs; }
};

std::size_t count(const storage::AppendResult& result, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count(result.outcomes.begin(), result.outcomes.end(), outcome));
}

// What the server refuses, and a word of its reason.
struct BadRow {
  void (*spoil)(Rows&, LogRecord&);
  std::string_view reason;
};

const BadRow kBadRows[] = {
    {[](Rows& rows, LogRecord& r) { r.message = rows.keep("caf\xe9"); }, "encoding"},
    {[](Rows& rows, LogRecord& r) { r.user_id = rows.keep(std::string_view("a\0b", 3)); },
     "user_id: "},
    {[](Rows& rows, LogRecord& r) { r.properties = rows.keep(R"({"a":"\u0000"})"); },
     "properties: "},
    {[](Rows& rows, LogRecord& r) { r.properties = rows.keep(R"({"a":)"); }, "json"},
    {[](Rows& rows, LogRecord& r) { r.device_info = rows.keep(R"({"n":1e999999})"); }, "overflow"},
    {[](Rows& rows, LogRecord& r) {
       std::string long_id;
       for (int i = 0; long_id.size() < 9000; ++i) long_id += std::to_string(i * 7919 + i / 3);
       r.event_id = rows.keep(long_id);
     },
     "index row"},
};

}  // namespace

TEST_CASE("postgres append: a refused record costs no other, on both ways in", "[postgres]") {
  PostgresWorld world;
  for (const bool duplicates_first : {false, true}) {
    Rows rows;
    std::map<std::size_t, std::string_view> expected;
    const std::string_view prefix = duplicates_first ? "staged-" : "direct-";
    for (std::size_t i = 0; i < 600; ++i) {
      LogRecord& record =
          rows.add(kNoon + seconds(static_cast<int>(i)), std::string(prefix) + std::to_string(i));
      if (i % 50 == 7 || i == 58) {
        const BadRow& bad = kBadRows[expected.size() % std::size(kBadRows)];
        bad.spoil(rows, record);
        expected[i] = bad.reason;
      }
    }
    if (duplicates_first) {
      Rows twice;
      twice.add(kNoon, "present");
      world.logs().append(twice.pointers(), {"test"});
      CHECK(world.logs().append(twice.pointers(), {"test"}).outcomes ==
            Outcomes{Outcome::duplicate});
    }
    const storage::AppendResult result = world.logs().append(rows.pointers(), {"test"});
    CHECK(result.failure.empty());
    CHECK(count(result, Outcome::stored) == rows.size() - expected.size());
    REQUIRE(result.refusals.size() == expected.size());
    for (const auto& [position, words] : result.refusals) {
      INFO(prefix << position << ": " << words);
      REQUIRE(expected.contains(position));
      CHECK(result.outcomes[position] == Outcome::rejected);
      CHECK(words.find(expected[position]) != std::string::npos);
    }
  }
  CHECK(world.logs().total_rows() == 2 * (600 - 13) + 1);
}

TEST_CASE("postgres append: the id of a refused record stays free for its correction",
          "[postgres]") {
  PostgresWorld world;
  Rows bad;
  LogRecord& record = bad.add(kNoon, "x");
  record.dedup_by_id = true;
  record.properties = R"({"a":"\u0000"})";
  // Of equal ids in one call, the second may be the good one.
  LogRecord& second = bad.add(kNoon + seconds(1), "y");
  second.dedup_by_id = true;
  second.properties = "not json";
  bad.add(kNoon + seconds(2), "y").dedup_by_id = true;
  CHECK(world.logs().append(bad.pointers(), {"test"}).outcomes ==
        Outcomes{Outcome::rejected, Outcome::rejected, Outcome::stored});
  Rows good;
  good.add(kNoon + seconds(5), "x").dedup_by_id = true;
  good.add(kNoon + seconds(5), "y").dedup_by_id = true;
  CHECK(world.logs().append(good.pointers(), {"test"}).outcomes ==
        Outcomes{Outcome::stored, Outcome::duplicate});
}

TEST_CASE("postgres append: an id that is no text is refused alone", "[postgres]") {
  PostgresWorld world;
  Rows rows;
  for (int i = 0; i < 20; ++i) {
    const std::string id = (i == 13 ? "\xff" : "") + std::to_string(i);
    rows.add(kNoon + seconds(i), id).dedup_by_id = true;
  }
  const storage::AppendResult result = world.logs().append(rows.pointers(), {"test"});
  CHECK(count(result, Outcome::stored) == 19);
  CHECK(result.outcomes[13] == Outcome::rejected);
}

TEST_CASE("postgres append: duplicates among new records are told apart exactly", "[postgres]") {
  PostgresWorld world;
  Rows first;
  for (int i = 0; i < 3000; i += 3) first.add(kNoon + microseconds(i), std::to_string(i));
  CHECK(count(world.logs().append(first.pointers(), {"test"}), Outcome::stored) == 1000);
  for (int round = 0; round < 3; ++round) {
    // The first round runs into a duplicate, the later ones expect some.
    Rows mixed;
    for (int i = 2999; i >= 0; --i) {
      const int shift = i % 3 == 0 ? 0 : round * 10'000;
      mixed.add(kNoon + microseconds(i + shift), std::to_string(i + shift));
    }
    const storage::AppendResult result = world.logs().append(mixed.pointers(), {"test"});
    CHECK(result.failure.empty());
    std::size_t wrong = 0;
    for (std::size_t at = 0; at < 3000; ++at) {
      const bool present = (2999 - at) % 3 == 0;
      wrong += result.outcomes[at] != (present ? Outcome::duplicate : Outcome::stored);
    }
    CHECK(wrong == 0);
  }
  CHECK(world.logs().total_rows() == 1000 + 3 * 2000);
}

TEST_CASE("postgres append: a large call uses several connections and gives one answer",
          "[postgres]") {
  PostgresWorld world;
  constexpr std::size_t kRecords = 12'000;
  Rows present;
  for (std::size_t i = 0; i < kRecords; i += 100) {
    present.add(kNoon + seconds(static_cast<int>(i)), std::to_string(i));
  }
  world.logs().append(present.pointers(), {"test"});
  Rows rows;
  std::vector<std::size_t> numbers;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const std::size_t number = i * 7919 % kRecords;
    numbers.push_back(number);
    LogRecord& record = rows.add(kNoon + seconds(static_cast<int>(number)), std::to_string(number));
    if (number % 1000 == 1) record.properties = "not json";
  }
  const storage::AppendResult result = world.logs().append(rows.pointers(), {"test"});
  CHECK(result.failure.empty());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < kRecords; ++i) {
    const Outcome expected = numbers[i] % 100 == 0    ? Outcome::duplicate
                             : numbers[i] % 1000 == 1 ? Outcome::rejected
                                                      : Outcome::stored;
    wrong += result.outcomes[i] != expected;
  }
  CHECK(wrong == 0);
  CHECK(result.refusals.size() == 12);
  CHECK(world.logs().total_rows() == kRecords - 12);
  CHECK(world.schema.ask("SELECT count(*) > 1 FROM pg_stat_activity WHERE application_name = "
                         "'logctl' AND query LIKE '%INTO accounting%'") == "t");
}

TEST_CASE("postgres append: two stores with the same 10 000 events at once keep 10 000 rows",
          "[postgres]") {
  config::Config config;
  config.batch.writers = 2;
  PostgresWorld world(config);
  storage::Backend other = world.another();
  constexpr std::size_t kEvents = 10'000;
  Rows rows;
  for (std::size_t i = 0; i < kEvents; ++i) {
    rows.add(kNoon + microseconds(static_cast<int>(i)), std::to_string(i * 7919 % kEvents));
  }
  const std::vector<const LogRecord*> all = rows.pointers();
  // Four threads, two of each store; one of each goes backwards through the batches.
  std::vector<std::size_t> stored(4);
  std::vector<std::string> failures(4);
  const auto send = [&](std::size_t thread) {
    storage::LogStore& logs = thread % 2 == 0 ? world.logs() : *other.logs;
    constexpr std::size_t kBatch = 500;
    for (std::size_t i = 0; i < kEvents; i += kBatch) {
      const std::size_t from = thread < 2 ? i : kEvents - kBatch - i;
      const auto result = logs.append(std::span(all).subspan(from, kBatch), {"test"});
      stored[thread] += count(result, Outcome::stored);
      failures[thread] += result.failure;
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back(send, i);
  for (std::thread& thread : threads) thread.join();
  for (const std::string& failure : failures) CHECK(failure.empty());
  CHECK(stored[0] + stored[1] + stored[2] + stored[3] == kEvents);
  CHECK(world.logs().total_rows() == kEvents);
}

TEST_CASE("postgres partitions: two stores that need the same new days do not collide",
          "[postgres]") {
  PostgresWorld world;
  storage::Backend other = world.another();
  const auto fill = [](storage::LogStore& logs, std::string_view prefix) {
    std::size_t stored = 0;
    for (int day = 0; day < 100; day += 20) {
      Rows rows;
      for (int i = day; i < day + 20; ++i) {
        rows.add(kNoon - std::chrono::hours(24 * i), std::string(prefix) + std::to_string(i));
      }
      stored += count(logs.append(rows.pointers(), {"test"}), Outcome::stored);
    }
    return stored;
  };
  std::size_t others = 0;
  std::thread thread([&] { others = fill(*other.logs, "b"); });
  const std::size_t mine = fill(world.logs(), "a");
  thread.join();
  CHECK(mine == 100);
  CHECK(others == 100);
  CHECK(world.schema.ask("SELECT count(*) FROM pg_inherits WHERE inhparent = 'logs'::regclass") ==
        "100");
}

TEST_CASE("postgres partitions: a reader that stays for hours does not hold up a new day",
          "[postgres]") {
  PostgresWorld world;
  Rows rows;
  rows.add(kNoon, "a");
  world.logs().append(rows.pointers(), {"test"});
  storage::postgres::Connection reader = world.schema.connect();
  reader.execute("test", "BEGIN; SELECT count(*) FROM logs");
  Rows next;
  next.add(kNoon + std::chrono::hours(24), "b");
  const storage::AppendResult result = world.logs().append(next.pointers(), {"test"});
  INFO(result.failure);
  CHECK(result.outcomes == Outcomes{Outcome::stored});
}

TEST_CASE("postgres partitions: a dropped partition is made again, a wider one is used",
          "[postgres]") {
  PostgresWorld world;
  Rows rows;
  rows.add(kNoon, "a");
  CHECK(world.logs().append(rows.pointers(), {"test"}).outcomes == Outcomes{Outcome::stored});
  world.schema.ask("DROP TABLE logs_20260310");
  CHECK(world.logs().append(rows.pointers(), {"test"}).outcomes == Outcomes{Outcome::stored});
  CHECK(world.logs().total_rows() == 1);

  world.schema.ask(
      "CREATE TABLE logs_2025 PARTITION OF logs FOR VALUES FROM ('2025-01-01Z') TO "
      "('2026-01-01Z')");
  Rows old;
  old.add(at("2025-06-01T00:00:00Z"), "b");
  old.add(at("2025-06-02T00:00:00Z"), "c");
  CHECK(world.logs().append(old.pointers(), {"test"}).outcomes ==
        Outcomes{Outcome::stored, Outcome::stored});
  CHECK(world.schema.ask("SELECT count(*) FROM logs_2025") == "2");
}

TEST_CASE("postgres maintain: partitions are there ahead of time, old ids go", "[postgres]") {
  PostgresWorld world;
  Rows rows;
  for (int i = 0; i < 25'000; ++i) {
    rows.add(kNoon + microseconds(i), std::to_string(i)).dedup_by_id = true;
  }
  CHECK(count(world.logs().append(rows.pointers(), {"test"}), Outcome::stored) == 25'000);
  world.logs().maintain(kNoon);
  CHECK(world.schema.ask("SELECT count(*) FROM recent_ids") == "25000");
  for (const char* day : {"10", "11", "12", "13"}) {
    CHECK(world.schema.ask(std::string("SELECT to_regclass('logs_202603") + day +
                           "') IS NOT NULL") == "t");
  }
  world.logs().maintain(kNoon + std::chrono::hours(25));
  CHECK(world.schema.ask("SELECT count(*) FROM recent_ids") == "0");
}

TEST_CASE("postgres append: without a schema the failure says what to run", "[postgres]") {
  const ManualClock clock(kNoon);
  const PostgresSchema schema;
  config::StoreTarget target;
  target.kind = config::StoreKind::postgres;
  target.connection = {{"database.url", schema.url()}};
  storage::Backend backend =
      storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
  Rows rows;
  rows.add(kNoon, "a");
  const storage::AppendResult result = backend.logs->append(rows.pointers(), {"test"});
  CHECK(result.outcomes == Outcomes{Outcome::failed});
  CHECK(result.failure.find("logctl migrate up") != std::string::npos);
  CHECK(result.failure.find("trying again") == std::string::npos);
}

TEST_CASE("postgres search: a page of very large records is cut before it is in memory",
          "[postgres]") {
  PostgresWorld world;
  Rows rows;
  rows.add(kNoon, "first");
  REQUIRE(world.logs().append(rows.pointers(), {"test"}).failure.empty());
  world.schema.ask(
      "INSERT INTO logs (timestamp, event_id, tenant, received_at, properties) SELECT "
      "'2026-03-10T13:00:00Z', i::text, 'default', now(), "
      "jsonb_build_object('x', repeat('x', 1048576)) FROM generate_series(1, 300) AS i");
  query::Query query;
  query.limit = 1000;
  const auto peak_kilobytes = [] {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word && word != "VmHWM:") {
    }
    std::size_t value = 0;
    status >> value;
    return value;
  };
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
  const std::size_t before = peak_kilobytes();
  const storage::Page page = world.logs().search(query);
  CHECK(peak_kilobytes() - before < 200 * 1024);
  CHECK(page.batch.records.size() >= 32);
  CHECK(page.batch.records.size() < 64);
  REQUIRE(page.next.has_value());
  query.after = page.next;
  const storage::Page next = world.logs().search(query);
  CHECK(next.batch.records.size() >= 32);
  CHECK(next.batch.records.front().event_id < page.batch.records.back().event_id);
}
