// A server that goes away at the worst moments: every record is stored exactly once all the same.
#include "shared/storage/postgres/appender.h"
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

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");
constexpr int kPerBatch = 200;

struct FaultWorld {
  PostgresSchema schema;
  storage::Backend backend;

  FaultWorld() {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    backend =
        storage::postgres::open_postgres({}, target, system_clock(), storage::Access::read_write);
    migrations::up(*backend.schema, std::nullopt, seconds(30), system_clock());
  }
  storage::LogStore& logs() { return *backend.logs; }
  // The server process that writes for this store, once `condition` holds for it.
  std::string wait_for_writer(const std::string& condition) const {
    const std::string sql = fmt::format(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'logctl' AND "
        "pid <> pg_backend_pid() AND {} LIMIT 1",
        condition);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
      std::string pid = schema.ask(sql);
      if (!pid.empty()) return pid;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    throw std::runtime_error("no writer came to be: " + condition);
  }
};

Rows batch(int number) {
  Rows rows;
  for (int i = 0; i < kPerBatch; ++i) {
    const int id = number * kPerBatch + i;
    // Half of them are recognised by id alone; the days make new partitions now and then.
    rows.add(kNoon + std::chrono::hours(number % 5 * 24) + microseconds(id), std::to_string(id))
        .dedup_by_id = i % 2 == 0;
  }
  return rows;
}

struct Sent {
  int batches = 0;
  std::size_t stored = 0;
  std::size_t wrong = 0;  // not stored although sent for the first time
  int failures = 0;
};

// Sends batches until `stop`; one that failed is sent until it does not.
Sent send_until(storage::LogStore& logs, const std::atomic<bool>& stop,
                std::atomic<int>& progress) {
  Sent sent;
  for (; !stop; progress = ++sent.batches) {
    const Rows rows = batch(sent.batches);
    bool failed_before = false;
    for (bool done = false; !done;) {
      const storage::AppendResult result = logs.append(rows.pointers(), {"test"});
      done = result.failure.empty();
      for (const Outcome outcome : result.outcomes) {
        if (outcome == Outcome::stored) ++sent.stored;
        // Known to be committed or known not to be: nothing in between is ever told.
        if (done && outcome != Outcome::stored && !failed_before) ++sent.wrong;
      }
      if (!done) {
        failed_before = true;
        ++sent.failures;
      }
    }
  }
  return sent;
}

}  // namespace

TEST_CASE("postgres fault: a commit whose answer is lost is found out, not repeated",
          "[postgres]") {
  FaultWorld world;
  for (int day = 0; day < 5; ++day) {  // their partitions are there
    REQUIRE(world.logs().append(batch(100'000 + day).pointers(), {"test"}).failure.empty());
  }
  // The server commits, then waits for a standby that does not exist before it answers.
  world.schema.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  world.schema.ask("SELECT pg_reload_conf()");
  // When the server's processes have all read the setting cannot be seen: commits follow each other
  // until one of them waits.
  std::atomic<bool> stop = false;
  std::atomic<int> progress = 0;
  Sent sent;
  std::thread sender([&] { sent = send_until(world.logs(), stop, progress); });
  const std::string pid = world.wait_for_writer("wait_event = 'SyncRep'");
  stop = true;
  world.schema.ask(fmt::format("SELECT pg_terminate_backend({})", pid));
  world.schema.ask("ALTER SYSTEM RESET synchronous_standby_names");
  world.schema.ask("SELECT pg_reload_conf()");
  sender.join();
  CHECK(sent.failures == 0);
  CHECK(sent.wrong == 0);
  CHECK(sent.stored == static_cast<std::size_t>(sent.batches) * kPerBatch);
  CHECK(world.logs().total_rows() == sent.stored + 5 * kPerBatch);
}

TEST_CASE("postgres fault: connections that are cut at random moments lose and double nothing",
          "[postgres]") {
  FaultWorld world;
  std::atomic<bool> stop = false;
  std::atomic<int> progress = 0;
  Sent sent;
  std::thread sender([&] { sent = send_until(world.logs(), stop, progress); });
  storage::postgres::Connection killer(world.schema.url());
  std::size_t cuts = 0;
  while (cuts < 60) {
    cuts += static_cast<std::size_t>(
        killer
            .execute("test",
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                     "application_name = 'logctl' AND backend_xid IS NOT NULL AND "
                     "pid <> pg_backend_pid() AND random() < 0.05")
            .rows());
  }
  stop = true;
  sender.join();
  CHECK(sent.wrong == 0);
  CHECK(world.logs().total_rows() == static_cast<std::uint64_t>(sent.batches) * kPerBatch);
  if (sent.failures == 0) CHECK(sent.stored == static_cast<std::size_t>(sent.batches) * kPerBatch);
}

TEST_CASE("postgres fault: a server that crashes and comes back costs nothing", "[postgres]") {
  FaultWorld world;
  std::atomic<bool> stop = false;
  std::atomic<int> progress = 0;
  Sent sent;
  std::thread sender([&] { sent = send_until(world.logs(), stop, progress); });
  for (int crash = 0; crash < 3; ++crash) {
    while (progress < 10 * crash) std::this_thread::yield();
    world.wait_for_writer("backend_xid IS NOT NULL");
    crash_server();
  }
  while (progress < 30) std::this_thread::yield();
  stop = true;
  sender.join();
  CHECK(sent.wrong == 0);
  CHECK(world.logs().total_rows() == static_cast<std::uint64_t>(sent.batches) * kPerBatch);
  CHECK_NOTHROW(world.logs().ping());
}

TEST_CASE("postgres fault: a server that is away fails the records and says so", "[postgres]") {
  const ManualClock clock(kNoon);
  config::StoreTarget target;
  target.kind = config::StoreKind::postgres;
  // Nobody listens on a socket in an empty place.
  const std::string nowhere = "host=/nonexistent dbname=logs user=nobody";
  target.connection = {{"database.url", nowhere}};
  storage::Backend backend =
      storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
  CHECK(code_of([&] { backend.logs->ping(); }) == ErrorCode::unavailable);
  CHECK(code_of([&] { backend.keys->list(); }) == ErrorCode::unavailable);
  CHECK(code_of([&] { backend.schema->ledger(); }) == ErrorCode::unavailable);

  using namespace storage::postgres;
  Writers writers({nowhere, 1, microseconds(0), false});
  Partitions partitions;
  Appender appender(writers, partitions, clock, {std::chrono::hours(1), milliseconds(300)});
  const Rows rows = batch(0);
  const storage::AppendResult result = appender.append(rows.pointers(), {"test"});
  CHECK(result.outcomes == Outcomes(kPerBatch, Outcome::failed));
  CHECK(result.failure.find("/nonexistent") != std::string::npos);
  CHECK(result.failure.find("trying again may help") != std::string::npos);
}
