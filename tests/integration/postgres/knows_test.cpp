// Whether a record is there already, asked before it is taken; and what an audit says of sources.
#include "shared/storage/postgres/open.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

using namespace logctl;
using namespace logctl::test;

namespace {

struct KnowsWorld {
  PostgresSchema schema;
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  storage::Backend backend;

  KnowsWorld() {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    backend = storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
  }
  storage::LogStore& logs() { return *backend.logs; }
  bool knows(const std::string& tenant, const std::string& event_id,
             std::optional<Timestamp> time) {
    return knows_all({{tenant, event_id, time}}).at(0);
  }
  std::vector<bool> knows_all(const std::vector<storage::Identity>& records) {
    return logs().knows(records);
  }
};

}  // namespace

TEST_CASE("postgres: a stored record is known by its whole identity", "[postgres]") {
  KnowsWorld world;
  const Timestamp time = world.clock.now() - microseconds(1);
  Rows rows;
  rows.add(time, "it's");
  World::append_to(world.logs(), rows);
  CHECK(world.knows("default", "it's", time));
  CHECK_FALSE(world.knows("default", "it's", time + microseconds(1)));
  CHECK_FALSE(world.knows("default", "its", time));
  CHECK_FALSE(world.knows("acme", "it's", time));
  CHECK_FALSE(world.knows("default", "it's", std::nullopt));  // it came with a time
}

TEST_CASE("postgres: a record without a time is known by its id, for the window", "[postgres]") {
  KnowsWorld world;
  Rows rows;
  LogRecord& record = rows.add(world.clock.now(), "id");
  record.received_at = world.clock.now();
  record.dedup_by_id = true;
  World::append_to(world.logs(), rows);
  CHECK(world.knows("default", "id", std::nullopt));
  CHECK_FALSE(world.knows("acme", "id", std::nullopt));
  CHECK_FALSE(world.knows("default", "other", std::nullopt));
  world.clock.advance(std::chrono::hours(23));
  CHECK(world.knows("default", "id", std::nullopt));
  world.clock.advance(std::chrono::hours(2));
  CHECK_FALSE(world.knows("default", "id", std::nullopt));
}

TEST_CASE("postgres: many are asked about at once, each gets its own answer", "[postgres]") {
  KnowsWorld world;
  const Timestamp time = world.clock.now();
  const std::string odd = R"(a "quoted" \ one, {with} commas)";
  Rows rows;
  rows.add(time, "a");
  rows.add(time, odd);
  LogRecord& record = rows.add(time, "timeless");
  record.dedup_by_id = true;
  World::append_to(world.logs(), rows);
  const std::vector<storage::Identity> asked = {
      {"default", "none", time},      {"default", odd, time}, {"default", "timeless", std::nullopt},
      {"default", "a", std::nullopt}, {"default", "a", time}, {"default", "a", time},
  };
  CHECK(world.knows_all(asked) == std::vector<bool>{false, true, true, false, true, true});
  CHECK(world.knows_all({}).empty());
}

TEST_CASE("postgres: an audit tells how far each source has come", "[postgres]") {
  KnowsWorld world;
  Rows rows;
  rows.add(world.clock.now(), "a");
  storage::Origin origin;
  origin.source = "spool";
  origin.move = storage::Origin::Move{0, 500};
  REQUIRE(world.logs().append(rows.pointers(), origin).failure.empty());
  const storage::Audit audit = world.logs().audit({});
  CHECK(audit.positions == std::map<std::string, std::uint64_t>{{"spool", 500}});
  CHECK(audit.rows == std::map<std::string, std::uint64_t>{{"default", 1}});
  CHECK(audit.accounts == world.logs().accounts());
}
