#include "tests/conformance/world.h"

#include <map>
#include <thread>

using namespace logctl;
using namespace logctl::test;
using storage::Account;
using storage::Count;
using Accounts = std::vector<Account>;

namespace {

Outcomes append_as(storage::LogStore& logs, std::string_view source, const Rows& rows,
                   std::span<const Count> counts = {}) {
  const storage::AppendResult result = logs.append(rows.pointers(), {source, counts});
  INFO(result.failure);
  CHECK(result.failure.empty());
  CHECK(result.counted);
  return result.outcomes;
}

std::uint64_t sum(const Accounts& accounts, std::string_view what) {
  std::uint64_t total = 0;
  for (const Account& account : accounts) {
    if (account.what.starts_with(what)) total += account.count;
  }
  return total;
}

}  // namespace

TEST_CASE("accounting: a fresh store has empty books", "[accounting]") {
  World world;
  CHECK(world.logs().accounts().empty());
  CHECK(world.logs().position("nobody") == 0);
  CHECK(append_as(world.logs(), "a", Rows{}).empty());
  world.logs().count("a", {});
  CHECK(world.logs().accounts().empty());
}

TEST_CASE("accounting: what records became is in the books, by source and tenant", "[accounting]") {
  World world;
  Rows rows;
  rows.add(world.clock.now(), "x");
  rows.add(world.clock.now(), "x");  // follows the first
  rows.add(world.clock.now() - std::chrono::hours(30), "y");
  rows.add(world.clock.now(), "x", "it's \"another\"");
  append_as(world.logs(), "daemon", rows);
  append_as(world.logs(), "import", rows);
  const Accounts expected = {
      {"daemon", "default", "duplicate", 1},
      {"daemon", "default", "received", 3},
      {"daemon", "default", "stored", 2},
      {"daemon", "it's \"another\"", "received", 1},
      {"daemon", "it's \"another\"", "stored", 1},
      {"import", "default", "duplicate", 3},
      {"import", "default", "received", 3},
      {"import", "it's \"another\"", "duplicate", 1},
      {"import", "it's \"another\"", "received", 1},
  };
  CHECK(world.logs().accounts() == expected);
  storage::Backend other = world.another();
  CHECK(other.logs->accounts() == expected);
  world.reopen();
  CHECK(world.logs().accounts() == expected);
}

TEST_CASE("accounting: equals by id alone are counted with the record they follow",
          "[accounting]") {
  World world;
  Rows rows;
  for (const int offset : {0, 1, 2}) {
    rows.add(world.clock.now() + seconds(offset), "x").dedup_by_id = true;
  }
  append_as(world.logs(), "a", rows);
  CHECK(world.append_by_id(world.logs(), "x") == Outcome::duplicate);
  CHECK(world.logs().accounts() == Accounts{{"a", "default", "duplicate", 2},
                                            {"a", "default", "received", 3},
                                            {"a", "default", "stored", 1},
                                            {"test", "default", "duplicate", 1},
                                            {"test", "default", "received", 1}});
}

TEST_CASE("accounting: counts go with records of many days exactly once, and without records",
          "[accounting]") {
  World world;
  Rows rows;
  for (int day = 0; day < 100; ++day) {
    rows.add(world.clock.now() - std::chrono::hours(24 * day), std::to_string(day));
  }
  const Count counts[] = {{"t", "received", 5}, {"t", "rejected:malformed", 5}};
  append_as(world.logs(), "a", rows, counts);
  append_as(world.logs(), "a", Rows{}, counts);
  world.logs().count("a", counts);
  world.logs().count("b", counts);
  CHECK(world.logs().accounts() == Accounts{{"a", "default", "received", 100},
                                            {"a", "default", "stored", 100},
                                            {"a", "t", "received", 15},
                                            {"a", "t", "rejected:malformed", 15},
                                            {"b", "t", "received", 5},
                                            {"b", "t", "rejected:malformed", 5}});
}

TEST_CASE("accounting: sums that were asked for before are brought up to date", "[accounting]") {
  World world;
  for (int round = 1; round <= 3; ++round) {
    Rows rows;
    rows.add(world.clock.now() - std::chrono::hours(24 * 30), std::to_string(round));
    append_as(world.logs(), "a", rows);
    CHECK(sum(world.logs().accounts(), "stored") == static_cast<std::uint64_t>(round));
    world.logs().maintain(world.clock.now());
    CHECK(sum(world.logs().accounts(), "stored") == static_cast<std::uint64_t>(round));
  }
}

TEST_CASE("accounting: four appenders at once leave books that agree with the rows",
          "[accounting]") {
  config::Config config;
  config.batch.writers = 4;
  World world(config);
  constexpr int kCalls = 25;
  constexpr int kPerCall = 40;
  std::map<Outcome, std::uint64_t> seen[4];
  const auto work = [&](std::size_t thread) {
    const std::string source = thread < 2 ? "shared" : "own " + std::to_string(thread);
    const Count counts[] = {{"default", "received", 1}, {"default", "rejected:too_long", 1}};
    for (int call = 0; call < kCalls; ++call) {
      Rows rows;
      for (int i = 0; i < kPerCall; ++i) {
        // Every second id is sent by two threads.
        const int id =
            (call * kPerCall + i) * 4 + static_cast<int>(i % 2 == 0 ? thread / 2 : thread);
        rows.add(world.clock.now() - std::chrono::hours(24 * (i % 3)), std::to_string(id),
                 i % 5 == 0 ? "acme" : "default");
      }
      const storage::AppendResult result = world.logs().append(rows.pointers(), {source, counts});
      for (const Outcome outcome : result.outcomes) ++seen[thread][outcome];
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();

  std::uint64_t stored = 0;
  std::uint64_t duplicates = 0;
  for (auto& one : seen) {
    CHECK(one[Outcome::failed] == 0);
    stored += one[Outcome::stored];
    duplicates += one[Outcome::duplicate];
  }
  const Accounts accounts = world.logs().accounts();
  CHECK(sum(accounts, "stored") == stored);
  CHECK(sum(accounts, "stored") == world.logs().total_rows());
  CHECK(sum(accounts, "duplicate") == duplicates);
  CHECK(sum(accounts, "rejected:") == 4 * kCalls);
  CHECK(sum(accounts, "received") == stored + duplicates + 4 * kCalls);
}

TEST_CASE("accounting: an audit is the books and the counted rows", "[accounting]") {
  World world;
  CHECK(world.logs().audit({}).accounts.empty());
  CHECK(world.logs().audit({}).rows.empty());
  Rows rows;
  for (int i = 0; i < 30; ++i) {
    rows.add(world.clock.now() - std::chrono::hours(24 * (i % 4)), std::to_string(i),
             i % 3 == 0 ? "acme" : "default");
  }
  append_as(world.logs(), "daemon", rows);
  append_as(world.logs(), "import", rows);  // all duplicates
  const Count counts[] = {{"acme", "received", 2}, {"acme", "rejected:malformed", 2}};
  world.logs().count("daemon", counts);
  world.logs().maintain(world.clock.now());
  const auto check = [&] {
    const storage::Audit audit = world.logs().audit({});
    CHECK(audit.accounts == world.logs().accounts());
    CHECK(audit.rows == std::map<std::string, std::uint64_t>{{"acme", 10}, {"default", 20}});
    CHECK(sum(audit.accounts, "stored") == 30);
    CHECK(sum(audit.accounts, "received") == 62);
  };
  check();
  world.reopen();
  check();
}
