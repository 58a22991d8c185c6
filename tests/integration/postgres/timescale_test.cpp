// What only a hypertable of TimescaleDB can get wrong: choosing it, chunks and their names, days
// that are compressed, the way back. The list of promises is run on it as well (tests/conformance).
#include "shared/storage/postgres/timescale.h"

#include "shared/ingest/accounting.h"
#include "shared/maintenance/task.h"
#include "shared/migrations/verify.h"
#include "shared/query/syntax.h"
#include "shared/storage/books.h"
#include "shared/storage/index_upkeep.h"
#include "shared/storage/postgres/open.h"
#include "tests/conformance/naive_count.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

using namespace logctl;
using namespace logctl::test;
using Catch::Matchers::Contains;
using std::chrono::days;
using std::chrono::hours;
using storage::postgres::Connection;

namespace {

const Timestamp kNow = at("2026-03-20T12:00:00Z");
const Timestamp kOldNoon = at("2026-03-10T12:00:00Z");

struct ChunkWorld {
  ManualClock clock{kNow};
  config::Config config;
  PostgresSchema schema;
  storage::Backend backend;

  explicit ChunkWorld(const char* partitioning = "timescale") {
    config.storage.indexes = {"user_id"};
    open(partitioning);
    migrations::up(*backend.schema, std::nullopt, seconds(30), clock);
  }
  void open(const char* partitioning) {
    config.storage.partitioning = partitioning;
    config::StoreTarget target;
    target.kind = config::StoreKind::postgres;
    target.connection = {{"database.url", schema.url()}};
    backend = storage::postgres::open_postgres(config, target, clock, storage::Access::read_write);
  }
  storage::LogStore& logs() { return *backend.logs; }

  bool is_hypertable() const {
    Connection connection = schema.connect();
    return storage::postgres::is_hypertable(connection);
  }
  // `count` records of the day before and after `noon`, a minute apart, of three users.
  std::vector<Outcome> store(Timestamp noon, int count, std::string_view prefix = "r") {
    Rows rows;
    for (int i = 0; i < count; ++i) {
      LogRecord& record =
          rows.add(noon + std::chrono::minutes(i), rows.keep(fmt::format("{}{}", prefix, i)));
      record.user_id = rows.keep(fmt::format("user-{}", i % 3));
      record.service = i % 2 == 0 ? "api" : "shop";
      record.level = i % 5 == 0 ? Level::error : Level::debug;
    }
    return World::append_to(logs(), rows);
  }
  maintenance::TaskInput input() {
    maintenance::TaskInput input{backend, config};
    input.now = clock.now();
    return input;
  }
  std::string compress() {
    const maintenance::TaskResult result = maintenance::compress_old_days(input());
    CHECK(result.problem.empty());
    return result.done;
  }
  std::string chunk_status(const std::string& chunk) const {
    return schema.ask(
        fmt::format("SELECT _timescaledb_functions.chunk_status('{}'::regclass)", chunk));
  }
  // What is counted is what is there.
  void check_counts() {
    query::Grouping question;
    question.by = {{query::Field::service}, {query::Field::level}};
    question.step = hours(1);
    CHECK(difference(counts_of(backend.counts->groups(question)), naive_counts(logs(), question)) ==
          "");
  }
  void check_books() {
    const storage::Audit audit = logs().audit({});
    for (const auto& [tenant, sums] : ingest::account(audit.accounts, {})) {
      const auto rows = audit.rows.find(tenant);
      CHECK((rows == audit.rows.end() ? 0 : rows->second) + sums.deleted_total() == sums.stored);
    }
  }
  std::uint64_t deleted(std::string_view text) {
    query::Query query;
    query.tenant = "default";
    query::parse_text(text, clock.now(), query);
    query.since = Timestamp(day_of(kOldNoon));
    query.until = Timestamp(day_of(kOldNoon) + days(1));
    std::optional<query::Cursor> position;
    std::uint64_t rows = 0;
    for (bool more = true; more;) {
      const auto piece = backend.days->remove(query, storage::kDeletedByQuery, 100, position);
      rows += piece.rows;
      more = piece.more;
    }
    return rows;
  }
};

}  // namespace

TEST_CASE("timescale: an empty database gets a hypertable where it may", "[timescale]") {
  for (const char* partitioning : {"auto", "timescale", "native"}) {
    INFO(partitioning);
    ChunkWorld world(partitioning);
    CHECK(world.is_hypertable() == (std::string_view(partitioning) != "native"));
    const auto steps = migrations::steps_of("postgres");
    for (const migrations::Finding& finding : migrations::verify(*world.backend.schema, steps)) {
      INFO(finding.subject + ": " + finding.detail);
      CHECK(finding.state == migrations::Finding::State::ok);
    }
  }
}

TEST_CASE("timescale: a store with day partitions keeps them", "[timescale]") {
  ChunkWorld world("native");
  world.store(kOldNoon, 3);
  std::int64_t step = 0;
  for (const auto& one : migrations::steps_of("postgres")) {
    if (one.name == storage::postgres::kHypertableStep) step = one.version;
  }
  REQUIRE(step > 0);
  migrations::down(*world.backend.schema, step - 1, seconds(30));
  world.open("timescale");
  CHECK(code_of([&] {
          migrations::up(*world.backend.schema, std::nullopt, seconds(30), world.clock);
        }) == ErrorCode::conflict);
  world.open("auto");
  migrations::up(*world.backend.schema, std::nullopt, seconds(30), world.clock);
  CHECK_FALSE(world.is_hypertable());
  CHECK(world.logs().total_rows() == 3);
  world.open("timescale");
  bool told = false;
  for (const storage::Symptom& symptom : world.logs().examine(kNow)) {
    told |= symptom.check == "timescaledb" && symptom.grade == storage::Symptom::Grade::warning;
  }
  CHECK(told);
}

TEST_CASE("timescale: chunks bear the names of days, whoever made them", "[timescale]") {
  ChunkWorld world;
  world.store(kOldNoon, 2);
  world.logs().maintain(kNow);
  // Past everything that makes days: the server makes the chunk.
  world.schema.ask(
      "INSERT INTO logs (timestamp, event_id, received_at) VALUES ('2026-02-01Z', 'stray', now())");
  CHECK(world.schema.ask("SELECT to_regclass('logs_20260201') IS NULL") == "t");
  world.check_counts();
  world.logs().maintain(kNow);
  CHECK(world.schema.ask("SELECT count(*) FROM logs_20260201") == "1");
  const auto there = world.backend.days->days();
  CHECK(std::ranges::count(there, day_of(at("2026-02-01T00:00:00Z"))) == 1);
  CHECK(world.schema.ask("SELECT count(*) FROM pg_inherits i JOIN pg_class c ON c.oid = inhrelid "
                         "WHERE inhparent = 'logs'::regclass AND c.relname !~ '^logs_[0-9]{8}$'") ==
        "0");
  world.check_counts();
  // Dropped past us, the day is made again.
  world.schema.ask("DROP TABLE logs_20260310");
  CHECK(world.store(kOldNoon, 2) == Outcomes{Outcome::stored, Outcome::stored});
}

TEST_CASE("timescale: a compressed day takes late records, knows its own, and forgets some",
          "[timescale]") {
  ChunkWorld world;
  world.store(kOldNoon, 600);
  world.store(kNow, 5, "today");
  const auto plan = storage::plan_indexes(
      *world.backend.indexes, {world.config.storage.indexes, hours(1)}, world.clock.now());
  storage::build_indexes(*world.backend.indexes, plan);
  CHECK(world.compress() == "1 days compressed");
  CHECK(world.compress() == "0 days compressed");
  CHECK(world.chunk_status("logs_20260310") == "1");
  world.check_counts();

  CHECK(world.store(kOldNoon, 2) == Outcomes{Outcome::duplicate, Outcome::duplicate});
  CHECK(world.store(kOldNoon, 3, "late") ==
        Outcomes{Outcome::stored, Outcome::stored, Outcome::stored});
  CHECK(world.logs().total_rows() == 608);
  query::Query query;
  query::parse_text("user_id:user-1", kNow, query);
  query.until = kOldNoon + hours(12);
  query.limit = 1000;
  CHECK(world.logs().search(query).batch.records.size() == 201);
  world.check_counts();
  CHECK(world.compress() == "1 days compressed");

  CHECK(world.deleted("level:error") == 121);
  CHECK(world.logs().total_rows() == 487);
  world.check_counts();
  world.logs().maintain(kNow);
  world.check_counts();
  world.check_books();
  // What was deleted may come again.
  CHECK(world.store(kOldNoon, 1) == Outcomes{Outcome::stored});

  const auto dropped = world.backend.days->drop(
      day_of(kOldNoon), [](const auto& rows) { return rows.at("default") == 483; });
  CHECK(dropped == 483);
  world.logs().maintain(kNow);
  world.check_counts();
  CHECK(world.logs().total_rows() == 5);
  world.check_books();
}

TEST_CASE("timescale: days are smaller when compressed, and a day in use waits", "[timescale]") {
  ChunkWorld world;
  world.store(at("2026-03-10T00:00:00Z"), 1440);
  const std::uint64_t before = world.backend.days->bytes(day_of(kOldNoon));
  world.config.storage.compress_after = microseconds(0);
  world.compress();
  CHECK(world.chunk_status("logs_20260310") == "0");
  world.config.storage.compress_after = days(7);
  {
    Connection reader = world.schema.connect();
    reader.execute("test", "BEGIN; SELECT count(*) FROM logs");
    const maintenance::TaskResult result = maintenance::compress_old_days(world.input());
    CHECK_THAT(result.problem, Contains("2026-03-10 is in use"));
  }
  CHECK(world.compress() == "1 days compressed");
  const std::uint64_t after = world.backend.days->bytes(day_of(kOldNoon));
  CHECK(after > 0);
  CHECK(after < before);
}

TEST_CASE("timescale: the way down moves every record into day partitions", "[timescale]") {
  ChunkWorld world;
  world.schema.ask("GRANT SELECT ON logs TO PUBLIC");
  world.store(kOldNoon, 600);
  world.store(kNow, 5, "today");
  world.compress();
  std::int64_t step = 0;
  for (const auto& one : migrations::steps_of("postgres")) {
    if (one.name == storage::postgres::kHypertableStep) step = one.version;
  }
  migrations::down(*world.backend.schema, step - 1, seconds(30));
  CHECK_FALSE(world.is_hypertable());
  CHECK(world.schema.ask("SELECT count(*) FROM logs") == "605");
  CHECK(world.schema.ask("SELECT count(*) FROM logs_20260310") == "600");
  CHECK(world.schema.ask("SELECT has_table_privilege('pg_monitor', 'logs', 'SELECT')") == "t");
  world.open("auto");
  migrations::up(*world.backend.schema, std::nullopt, seconds(30), world.clock);
  CHECK_FALSE(world.is_hypertable());
  for (const migrations::Finding& finding :
       migrations::verify(*world.backend.schema, migrations::steps_of("postgres"))) {
    INFO(finding.subject + ": " + finding.detail);
    CHECK(finding.state == migrations::Finding::State::ok);
  }
  world.check_counts();
  world.logs().maintain(kNow);
  CHECK(world.deleted("level:error") == 120);
  world.check_counts();
  world.check_books();
  CHECK(world.store(kOldNoon, 2) == Outcomes{Outcome::stored, Outcome::duplicate});
}
