#include "tests/conformance/world.h"

#include <atomic>
#include <thread>

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
  CHECK_THROWS_AS(lock->revert("DROP TABLE conformance_a; DROP TABLE nowhere;", 1), Error);
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
  lock->revert("DROP TABLE conformance_a;", 1);
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
      CHECK_FALSE(error.message().empty());
    }
    CHECK_NOTHROW(other.schema->ledger());
  }
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
