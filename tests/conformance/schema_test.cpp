#include "shared/migrations/baseline.h"
#include "shared/migrations/repair.h"
#include "shared/migrations/verify.h"
#include "tests/conformance/world.h"
#include "tests/support/eventually.h"

#include <atomic>
#include <thread>
#include <unistd.h>

using namespace logctl;
using namespace logctl::test;
using Catch::Matchers::Contains;
using storage::LedgerRow;

namespace {

// A store that nothing was applied to.
struct Fresh {
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  EmptyStore store;
  storage::Backend backend = store.open({}, clock);
  storage::SchemaStore& schema() { return *backend.schema; }
};

LedgerRow row_of(std::int64_t version) {
  LedgerRow row;
  row.version = version;
  row.name = "step " + std::to_string(version);
  row.sha256 = std::string(64, 'a');
  row.applied_at = at("2026-03-10T12:00:00.123456Z");
  row.tool_version = "1.2.3";
  return row;
}

constexpr microseconds kWait = seconds(30);

}  // namespace

TEST_CASE("schema: a fresh store has an empty ledger and a known set", "[schema]") {
  Fresh fresh;
  CHECK(fresh.schema().ledger().empty());
  CHECK_FALSE(migrations::steps_of(fresh.schema().migration_set()).empty());
  CHECK(fresh.schema().ledger().empty());
}

TEST_CASE("schema: applied steps are in the ledger with what is known about them", "[schema]") {
  Fresh fresh;
  {
    const auto lock = fresh.schema().lock(kWait);
    lock->apply("CREATE TABLE conformance_a (x INTEGER); CREATE TABLE conformance_b (x INTEGER);",
                row_of(1));
    lock->apply("CREATE TABLE conformance_c (x INTEGER);", row_of(2));
  }
  for (const bool reopened : {false, true}) {
    if (reopened) fresh.backend = fresh.store.open({}, fresh.clock);
    const std::vector<LedgerRow> ledger = fresh.schema().ledger();
    REQUIRE(ledger.size() == 2);
    CHECK(ledger[0].version == 1);
    CHECK(ledger[0].name == "step 1");
    CHECK(ledger[0].sha256 == std::string(64, 'a'));
    CHECK(ledger[0].applied_at == row_of(1).applied_at);
    CHECK(ledger[0].took >= microseconds(0));
    CHECK(ledger[0].tool_version == "1.2.3");
    CHECK(ledger[1].version == 2);
  }
}

TEST_CASE("schema: a step that fails changes nothing", "[schema]") {
  Fresh fresh;
  const auto lock = fresh.schema().lock(kWait);
  lock->apply("CREATE TABLE conformance_a (x INTEGER);", row_of(1));
  try {
    lock->apply("CREATE TABLE conformance_b (x INTEGER); INSERT INTO nowhere VALUES (1);",
                row_of(2));
    FAIL("bad SQL was applied");
  } catch (const Error& error) {
    CHECK_THAT(error.message(), Contains("step 2") && Contains("nowhere"));
  }
  CHECK(fresh.schema().ledger().size() == 1);
  CHECK_THROWS_AS(lock->revert("DROP TABLE conformance_a; DROP TABLE nowhere;", 1, "a"), Error);
  CHECK(fresh.schema().ledger().size() == 1);
  // Both tables are as they were: one can be made, the other is there.
  lock->apply("CREATE TABLE conformance_b (x INTEGER);", row_of(2));
  lock->apply("INSERT INTO conformance_a VALUES (1);", row_of(3));
  CHECK(fresh.schema().ledger().size() == 3);
}

TEST_CASE("schema: a step cannot be recorded twice", "[schema]") {
  Fresh fresh;
  const auto lock = fresh.schema().lock(kWait);
  lock->apply("CREATE TABLE conformance_a (x INTEGER);", row_of(1));
  CHECK_THROWS_AS(lock->apply("CREATE TABLE conformance_b (x INTEGER);", row_of(1)), Error);
  lock->apply("CREATE TABLE conformance_b (x INTEGER);", row_of(2));
  CHECK(fresh.schema().ledger().size() == 2);
}

TEST_CASE("schema: a reverted step is gone from store and ledger", "[schema]") {
  Fresh fresh;
  const auto lock = fresh.schema().lock(kWait);
  lock->apply("CREATE TABLE conformance_a (x INTEGER);", row_of(1));
  lock->revert("DROP TABLE conformance_a;", 1, "a");
  CHECK(fresh.schema().ledger().empty());
  lock->apply("CREATE TABLE conformance_a (x INTEGER);", row_of(1));
  CHECK(fresh.schema().ledger().size() == 1);
}

TEST_CASE("schema: one holder of the lock at a time", "[schema]") {
  Fresh fresh;
  storage::Backend other = fresh.store.open({}, fresh.clock);
  {
    const auto lock = fresh.schema().lock(kWait);
    try {
      const auto second = other.schema->lock(milliseconds(20));
      FAIL("two lockers at once");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::locked);
      CHECK_THAT(error.message(),
                 Contains("held by process " + std::to_string(::getpid()) + " on ") &&
                     Contains(" since 20"));
      CHECK_THAT(error.hint(), Contains("--lock-timeout"));
    }
    CHECK_NOTHROW(other.schema->ledger());
    const auto holder = other.schema->lock_holder();
    REQUIRE(holder);
    CHECK(holder->pid == std::to_string(::getpid()));
  }
  // A server hears a moment later that a connection was closed.
  CHECK(eventually([&] { return !other.schema->lock_holder(); }));
  CHECK_NOTHROW(other.schema->lock(kWait));
}

TEST_CASE("schema: two runs of all migrations at once are safe", "[schema]") {
  Fresh fresh;
  storage::Backend other = fresh.store.open({}, fresh.clock);
  std::atomic<int> applied_by_other{-1};
  std::thread second([&] {
    try {
      applied_by_other = migrations::up(*other.schema, std::nullopt, kWait, fresh.clock);
    } catch (const Error&) {  // stays -1
    }
  });
  const int applied = migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock);
  second.join();
  const auto steps = migrations::steps_of(fresh.schema().migration_set()).size();
  CHECK(applied_by_other >= 0);
  CHECK(applied + applied_by_other == static_cast<int>(steps));
  CHECK_NOTHROW(migrations::require_current(fresh.schema()));
}

TEST_CASE("schema: everything can be reverted and applied again", "[schema]") {
  Fresh fresh;
  const int steps = migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock);
  CHECK(steps > 0);
  CHECK(migrations::down(fresh.schema(), 0, kWait) == steps);
  CHECK(fresh.schema().ledger().empty());
  CHECK(migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock) == steps);
}

TEST_CASE("schema: the journal holds one row until the step ends", "[schema]") {
  Fresh fresh;
  CHECK_FALSE(fresh.schema().journal());
  storage::JournalRow row;
  row.version = 7;
  row.name = "seven";
  row.sha256 = std::string(64, 'b');
  row.done = 1;
  row.statements = 3;
  row.started_at = at("2026-03-10T12:00:00.5Z");
  row.holder = "process 1 on host since then";
  const auto lock = fresh.schema().lock(kWait);
  lock->begin(row);
  row.done = 2;
  row.failure = "the disk is full";
  lock->begin(row);
  lock->execute("CREATE TABLE conformance_a (x INTEGER)");
  fresh.backend = fresh.store.open({}, fresh.clock);
  const auto found = fresh.schema().journal();
  REQUIRE(found);
  CHECK(found->version == 7);
  CHECK(found->name == "seven");
  CHECK(found->direction == storage::Direction::up);
  CHECK(found->sha256 == row.sha256);
  CHECK(found->done == 2);
  CHECK(found->statements == 3);
  CHECK(found->started_at == row.started_at);
  CHECK(found->holder == row.holder);
  CHECK(found->failure == row.failure);
  lock->end(7, row_of(7));
  CHECK_FALSE(fresh.schema().journal());
  CHECK(fresh.schema().ledger().size() == 1);
  row.direction = storage::Direction::down;
  lock->begin(row);
  CHECK(fresh.schema().journal()->direction == storage::Direction::down);
  lock->end(7, std::nullopt);
  CHECK_FALSE(fresh.schema().journal());
  CHECK(fresh.schema().ledger().empty());
}

TEST_CASE("schema: a good store verifies, and what is missing or different is named", "[schema]") {
  Fresh fresh;
  const auto steps = migrations::steps_of(fresh.schema().migration_set());
  migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock);
  for (const migrations::Finding& finding : migrations::verify(fresh.schema(), steps)) {
    INFO(finding.subject + ": " + finding.detail);
    CHECK(finding.state == migrations::Finding::State::ok);
  }
  CHECK(migrations::verify(fresh.schema(), steps).size() == steps.size());
  {
    const auto lock = fresh.schema().lock(kWait);
    lock->execute("CREATE TABLE of_the_administrator (x INTEGER)");
    lock->execute("ALTER TABLE imports RENAME COLUMN size TO bytes");
    lock->execute("DROP TABLE import_ranges");
  }
  std::vector<std::string> problems;
  for (const migrations::Finding& finding : migrations::verify(fresh.schema(), steps)) {
    if (finding.state != migrations::Finding::State::ok) {
      problems.push_back(finding.subject + " " + std::string(name_of(finding.state)));
    }
  }
  CHECK(std::count(problems.begin(), problems.end(), "column imports.size missing") == 1);
  CHECK(std::count(problems.begin(), problems.end(), "table import_ranges missing") == 1);
  for (const std::string& problem : problems) {
    CHECK_THAT(problem, Contains("import"));
    CHECK_THAT(problem, !Contains("administrator"));
  }
}

TEST_CASE("schema: repair records what is there, and refuses to hide what is not", "[schema]") {
  Fresh fresh;
  const auto steps = migrations::steps_of(fresh.schema().migration_set());
  migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock);
  CHECK(migrations::plan_repair(fresh.schema(), steps, fresh.clock).empty());
  LedgerRow changed = fresh.schema().ledger()[1];
  changed.sha256 = std::string(64, '0');
  fresh.schema().lock(kWait)->record(std::span(&changed, 1));
  CHECK_THROWS_AS(migrations::require_current(fresh.schema()), Error);

  const auto done = migrations::repair(fresh.schema(), steps, kWait, fresh.clock);
  REQUIRE(done.size() == 1);
  CHECK(done[0].version == 2);
  CHECK(done[0].action == "record checksum");
  CHECK_NOTHROW(migrations::require_current(fresh.schema()));

  {
    const auto lock = fresh.schema().lock(kWait);
    lock->record(std::span(&changed, 1));
    lock->execute("DROP TABLE import_ranges");
  }
  try {
    migrations::repair(fresh.schema(), steps, kWait, fresh.clock);
    FAIL("a missing table was repaired away");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::drift);
    CHECK_THAT(error.message(), Contains("import_ranges"));
  }
  CHECK(fresh.schema().ledger()[1].sha256 == changed.sha256);
}

TEST_CASE("schema: a store without a ledger is taken over at the version that it is at",
          "[schema]") {
  Fresh fresh;
  const auto steps = migrations::steps_of(fresh.schema().migration_set());
  CHECK_THROWS_AS(migrations::baseline(fresh.schema(), steps, std::nullopt, kWait, fresh.clock),
                  Error);
  CHECK(fresh.schema().ledger().empty());
  const auto newest = static_cast<std::int64_t>(steps.size());
  migrations::up(fresh.schema(), newest - 1, kWait, fresh.clock);
  fresh.schema().lock(kWait)->execute("DROP TABLE schema_migrations");
  CHECK(fresh.schema().ledger().empty());

  try {
    migrations::baseline(fresh.schema(), steps, newest, kWait, fresh.clock);
    FAIL("a version that is not there was recorded");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::conflict);
    CHECK_THAT(error.message(), Contains("the store is not at version " + std::to_string(newest)));
  }
  const auto rows = migrations::baseline(fresh.schema(), steps, std::nullopt, kWait, fresh.clock);
  CHECK(static_cast<std::int64_t>(rows.size()) == newest - 1);
  CHECK(migrations::up(fresh.schema(), std::nullopt, kWait, fresh.clock) == 1);
  CHECK_NOTHROW(migrations::require_current(fresh.schema()));
  CHECK_THROWS_AS(migrations::baseline(fresh.schema(), steps, std::nullopt, kWait, fresh.clock),
                  Error);
}

TEST_CASE("schema: rows are counted up to a limit", "[schema]") {
  Fresh fresh;
  const auto lock = fresh.schema().lock(kWait);
  lock->execute("CREATE TABLE conformance_a (x INTEGER)");
  CHECK(fresh.schema().rows_of("conformance_a", 10) == 0);
  lock->execute("INSERT INTO conformance_a VALUES (1), (2), (3)");
  CHECK(fresh.schema().rows_of("conformance_a", 10) == 3);
  CHECK(fresh.schema().rows_of("conformance_a", 2) == 2);
  CHECK_FALSE(fresh.schema().rows_of("conformance_b", 2));
}

TEST_CASE("schema: a key that was bound to rows does not outlive the rules", "[schema][keys]") {
  World world;
  storage::KeyRow bound;
  bound.id = "aaaaaaaa";
  bound.secret_hash = std::string(64, 'a');
  bound.name = "bound";
  bound.scopes = "read";
  bound.only = "service=payments";
  bound.created_at = world.clock.now();
  storage::KeyRow free = bound;
  free.id = "bbbbbbbb";
  free.secret_hash = std::string(64, 'b');
  free.only.clear();
  world.keys().insert(bound);
  world.keys().insert(free);
  std::int64_t rules = 0;
  for (const auto& step : migrations::steps_of(world.backend.schema->migration_set())) {
    if (step.name == "key_rules") rules = step.version;
  }
  REQUIRE(rules > 0);
  migrations::down(*world.backend.schema, rules - 1, kWait);
  migrations::up(*world.backend.schema, std::nullopt, kWait, world.clock);
  world.reopen();
  const std::vector<storage::KeyRow> keys = world.keys().list();
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].revoked_at.has_value());
  CHECK_FALSE(keys[1].revoked_at.has_value());
}
