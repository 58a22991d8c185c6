// The sums of days are what the roll-ups add up to, whatever upkeep does, and stay few.
#include "shared/storage/postgres/open.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <string>

using namespace logctl;
using namespace logctl::test;

namespace {

struct SumsWorld {
  PostgresSchema schema;
  ManualClock clock{at("2026-03-10T12:00:00Z")};
  storage::Backend backend;
  int stored = 0;

  SumsWorld() {
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    config::Config config;
    config.storage.partitioning = "native";
    backend = storage::postgres::open_postgres(config, target, clock, storage::Access::read_write);
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
  }
  // Records of today and yesterday in so many groups.
  void append(int records, int groups) {
    Rows rows;
    for (int i = 0; i < records; ++i, ++stored) {
      LogRecord& record = rows.add(clock.now() - std::chrono::minutes(37 * (stored % 50)),
                                   fmt::format("id-{}", stored));
      record.event_name = rows.keep(fmt::format("name-{}", i % groups));
      if (i % 3 == 0) record.service = "api";
    }
    World::append_to(*backend.logs, rows);
  }
  void maintain() { backend.logs->maintain(clock.now()); }
  std::string ask(const std::string& sql) const { return schema.ask(sql); }

  void check() const {
    const std::string sums =
        "SELECT day, tenant, service, level, event_type, event_name, sum(n) FROM rollup_sums "
        "GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0";
    const std::string rollups =
        "SELECT date_trunc('day', minute AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', tenant, service, "
        "level, event_type, event_name, sum(n) FROM rollups GROUP BY 1, 2, 3, 4, 5, 6 "
        "HAVING sum(n) <> 0";
    CHECK(ask(fmt::format("SELECT count(*) FROM ({} EXCEPT {}) AS more", sums, rollups)) == "0");
    CHECK(ask(fmt::format("SELECT count(*) FROM ({} EXCEPT {}) AS less", rollups, sums)) == "0");
    CHECK(ask("SELECT count(*) FROM (SELECT day FROM rollup_sums GROUP BY day HAVING "
              "count(*) FILTER (WHERE loose) > count(*) FILTER (WHERE NOT loose)) AS scattered") ==
          "0");
  }
};

}  // namespace

TEST_CASE("postgres: the sums of days follow their roll-ups", "[storage]") {
  SumsWorld world;
  for (int round = 0; round < 6; ++round) {
    world.append(200, 5);
    if (round == 2) world.append(3000, 1500);  // too many for minutes
    if (round == 4) world.schema.ask("DELETE FROM logs WHERE event_id LIKE '%7'");
    world.maintain();
    world.check();
    if (round == 3) {
      world.clock.advance(seconds(600));
      world.maintain();  // counts again what is quiet
      world.check();
    }
  }
  CHECK(world.ask("SELECT count(*) > 0 FROM rollup_sums") == "t");

  // Counts of a day that is dropped go with it, those of one that was emptied when it is counted.
  const auto days = [&] { return world.ask("SELECT count(DISTINCT day) FROM rollup_sums"); };
  const std::string before = days();
  world.schema.ask("DROP TABLE logs_20260309");
  world.maintain();
  world.check();
  CHECK(std::stoi(days()) == std::stoi(before) - 1);
  world.schema.ask("TRUNCATE logs");
  world.clock.advance(seconds(600));
  world.maintain();
  world.check();
  CHECK(days() == "0");
}
