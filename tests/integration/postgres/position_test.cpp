// A source's position moves together with its records, or not at all.
#include "shared/storage/postgres/open.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using storage::Origin;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");
constexpr int kPerFrame = 100;

struct PositionWorld {
  PostgresSchema schema;
  storage::Backend backend;

  PositionWorld() {
    backend = open();
    migrations::up(*backend.schema, std::nullopt, seconds(30), system_clock());
  }
  storage::Backend open() const {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    return storage::postgres::open_postgres({}, target, system_clock(),
                                            storage::Access::read_write);
  }
  storage::LogStore& logs() { return *backend.logs; }
  std::uint64_t booked(const std::string& what) const {
    return std::stoull(
        schema.ask("SELECT coalesce(sum(n), 0) FROM accounting WHERE what = '" + what + "'"));
  }
  // Ends server processes at their work, with a probability each time.
  std::size_t cut(storage::postgres::Connection& killer, double probability) const {
    const std::string sql = fmt::format(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'logctl' "
        "AND backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND random() < {}",
        probability);
    return static_cast<std::size_t>(killer.execute("test", sql).rows());
  }
};

Rows frame(std::uint64_t number) {
  Rows rows;
  for (int i = 0; i < kPerFrame; ++i) {
    const auto id = static_cast<int>(number) * kPerFrame + i;
    rows.add(kNoon + std::chrono::hours(24 * (number % 5)) + microseconds(id), std::to_string(id))
        .dedup_by_id = i % 2 == 0;
  }
  return rows;
}

Origin moving(std::uint64_t from, std::uint64_t to) {
  return {"spool", {}, Origin::Move{from, to}};
}

// Stores frames 0, 1, 2 ... until `stop`, as a drainer does: after an error it asks for the
// position.
struct Drained {
  std::uint64_t frames = 0;
  std::size_t wrong = 0;  // records not stored although their position says so
  std::size_t errors = 0;
};
Drained drain_until(storage::LogStore& logs, const std::atomic<bool>& stop) {
  Drained drained;
  while (!stop) {
    const Rows rows = frame(drained.frames);
    try {
      const auto result = logs.append(rows.pointers(), moving(drained.frames, drained.frames + 1));
      for (const Outcome outcome : result.outcomes) drained.wrong += outcome != Outcome::stored;
      ++drained.frames;
    } catch (const Error&) {
      ++drained.errors;
      drained.frames = logs.position("spool");
    }
  }
  return drained;
}

}  // namespace

TEST_CASE("postgres position: it moves with the records, the books too", "[postgres]") {
  PositionWorld world;
  const Rows first = frame(0);
  CHECK(world.logs().append(first.pointers(), moving(0, 700)).outcomes ==
        Outcomes(kPerFrame, Outcome::stored));
  CHECK(world.logs().position("spool") == 700);
  CHECK(world.logs().append(first.pointers(), moving(700, 1400)).outcomes ==
        Outcomes(kPerFrame, Outcome::duplicate));
  const storage::Count counts[] = {{"default", "received", 3}, {"default", "rejected:too_old", 3}};
  const auto empty = world.logs().append({}, {"spool", counts, Origin::Move{1400, 1500}});
  CHECK(empty.counted);
  CHECK(world.logs().position("spool") == 1500);
  CHECK(world.logs().position("other") == 0);
  CHECK(world.booked("received") == 2 * kPerFrame + 3);
  CHECK(world.booked("stored") == kPerFrame);
  CHECK(world.booked("duplicate") == kPerFrame);
  CHECK(world.booked("rejected:too_old") == 3);
}

TEST_CASE("postgres position: from a wrong place nothing moves and nothing is stored",
          "[postgres]") {
  PositionWorld world;
  world.logs().append(frame(0).pointers(), moving(0, 10));
  const Rows next = frame(1);
  for (const auto& [from, to] : {std::pair{0, 10}, {0, 20}, {5, 20}, {20, 30}}) {
    const Origin origin = moving(static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to));
    try {
      world.logs().append(next.pointers(), origin);
      FAIL("expected a conflict");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::conflict);
      CHECK(error.message().find(fmt::format("'spool' in the store is 10, expected {}", from)) !=
            std::string::npos);
    }
  }
  CHECK(world.logs().total_rows() == kPerFrame);
  CHECK(world.logs().position("spool") == 10);
  CHECK(world.booked("received") == kPerFrame);
}

TEST_CASE("postgres position: records of many days and refused ones are one transaction",
          "[postgres]") {
  PositionWorld world;
  Rows rows;
  for (int day = 0; day < 150; ++day) {
    rows.add(kNoon + std::chrono::hours(24 * day), std::to_string(day));
  }
  rows.add(kNoon, "bad").properties = "{\"a\":1e999999}";
  rows.add(kNoon, "bad").message = "good after all";
  const std::string before = world.schema.ask("SELECT pg_current_xact_id()");
  const auto result = world.logs().append(rows.pointers(), moving(0, 1));
  Outcomes expected(150, Outcome::stored);
  expected.push_back(Outcome::rejected);
  expected.push_back(Outcome::stored);
  CHECK(result.outcomes == expected);
  CHECK(world.booked("received") == 152);
  CHECK(world.booked("stored") == 151);
  CHECK(world.booked("rejected:refused_by_store") == 1);
  // Savepoints give rows numbers of their own, but no two transactions did the work.
  CHECK(world.schema.ask("SELECT count(DISTINCT updated_at) FROM spool_positions") == "1");
}

TEST_CASE("postgres position: two drainers of one source do not both store a frame", "[postgres]") {
  PositionWorld world;
  storage::Backend other = world.open();
  std::atomic<bool> stop = false;
  Drained mine;
  Drained others;
  std::thread first([&] { mine = drain_until(world.logs(), stop); });
  std::thread second([&] { others = drain_until(*other.logs, stop); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (world.logs().position("spool") < 50 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  stop = true;
  first.join();
  second.join();
  const std::uint64_t frames = world.logs().position("spool");
  CHECK(frames >= 50);
  CHECK(mine.wrong + others.wrong == 0);
  CHECK(world.logs().total_rows() == frames * kPerFrame);
  CHECK(world.booked("received") == frames * kPerFrame);
  CHECK(world.booked("stored") == frames * kPerFrame);
}

TEST_CASE("postgres fault: position, rows and books agree after cut connections", "[postgres]") {
  PositionWorld world;
  std::atomic<bool> stop = false;
  Drained drained;
  std::thread drainer([&] { drained = drain_until(world.logs(), stop); });
  storage::postgres::Connection killer(world.schema.url());
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (std::size_t cuts = 0; cuts < 60 && std::chrono::steady_clock::now() < end;) {
    cuts += world.cut(killer, 0.05);
  }
  stop = true;
  drainer.join();
  const std::uint64_t frames = world.logs().position("spool");
  CHECK(frames == drained.frames);
  CHECK(drained.wrong == 0);
  CHECK(world.logs().total_rows() == frames * kPerFrame);
  CHECK(world.booked("stored") == frames * kPerFrame);
  CHECK(world.booked("received") == frames * kPerFrame);
  CHECK(world.booked("duplicate") == 0);
}

TEST_CASE("postgres fault: a move whose commit is in doubt is settled by the position",
          "[postgres]") {
  PositionWorld world;
  for (std::uint64_t i = 0; i < 5; ++i) world.logs().append(frame(i).pointers(), moving(i, i + 1));
  // The server commits, then waits for a standby that does not exist before it answers.
  world.schema.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  world.schema.ask("SELECT pg_reload_conf()");
  std::atomic<bool> stop = false;
  Drained drained;
  std::thread drainer([&] { drained = drain_until(world.logs(), stop); });
  std::string pid;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (pid.empty() && std::chrono::steady_clock::now() < end) {
    pid = world.schema.ask(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'logctl' AND "
        "wait_event = 'SyncRep' LIMIT 1");
  }
  stop = true;
  REQUIRE_FALSE(pid.empty());
  world.schema.ask(fmt::format("SELECT pg_terminate_backend({})", pid));
  world.schema.ask("ALTER SYSTEM RESET synchronous_standby_names");
  world.schema.ask("SELECT pg_reload_conf()");
  drainer.join();
  const std::uint64_t frames = world.logs().position("spool");
  CHECK(frames == drained.frames);
  CHECK(drained.wrong == 0);
  CHECK(world.logs().total_rows() == frames * kPerFrame);
  CHECK(world.booked("stored") == frames * kPerFrame);
  CHECK(world.booked("duplicate") == 0);
}
