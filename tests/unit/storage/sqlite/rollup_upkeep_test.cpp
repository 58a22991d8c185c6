#include "shared/storage/sqlite/rollup_upkeep.h"

#include "shared/storage/sqlite/rollup_writer.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

using namespace logctl;
using namespace logctl::test;
using namespace logctl::storage::sqlite;

namespace {

// A store with one closed day.
struct ClosedDay {
  SqliteStore store;
  Day day = day_of(store.clock.now()) - std::chrono::days(1);

  ClosedDay() {
    store.append("a", {0, 1});
    store.append("b", {1});
  }
  Connection open(Mode mode) { return {store.directory.day_file(day), mode, seconds(5)}; }
  std::int64_t ask(std::string_view sql, int days_ago = 1) {
    return Connection(store.day_file(days_ago), Mode::read_only, seconds(5)).scalar(sql);
  }
  std::int64_t summed() { return ask("SELECT summed FROM rollup_state"); }
  bool have_sums() {
    Connection reader = open(Mode::read_only);
    return kept_counts(reader).sums;
  }
  void maintain() { store.logs().maintain(store.clock.now()); }
};

}  // namespace

TEST_CASE("sqlite: a closed day gets sums, and loses them with every change", "[storage]") {
  ClosedDay closed;
  CHECK_FALSE(closed.have_sums());
  closed.maintain();
  CHECK(closed.have_sums());
  CHECK(closed.ask("SELECT sum(n) FROM rollup_sums") == 2);
  CHECK(closed.ask("SELECT summed FROM rollup_state", 0) == kNotSummed);  // today

  closed.store.append("a", {1});  // a duplicate changes nothing
  CHECK(closed.have_sums());
  closed.store.append("late", {1});
  CHECK_FALSE(closed.have_sums());
  closed.maintain();
  CHECK(closed.have_sums());
  CHECK(closed.ask("SELECT sum(n) FROM rollup_sums") == 3);

  closed.open(Mode::read_write).execute("DELETE FROM logs WHERE event_id = 'b'");
  CHECK_FALSE(closed.have_sums());
  closed.maintain();
  CHECK(closed.have_sums());
  CHECK(closed.ask("SELECT sum(n) FROM rollup_sums") == 2);
}

TEST_CASE("sqlite: today gets sums when it is over", "[storage]") {
  ClosedDay closed;
  closed.maintain();
  closed.maintain();
  CHECK(closed.ask("SELECT summed FROM rollup_state", 0) == kNotSummed);
  closed.store.clock.advance(std::chrono::hours(24));
  closed.maintain();
  CHECK(closed.summed() == kSummed);
}

TEST_CASE("sqlite: sums are put in place only if nothing was committed meanwhile", "[storage]") {
  ClosedDay closed;
  Connection reader = closed.open(Mode::read_only);
  Connection writer = closed.open(Mode::read_write);
  const auto sums = add_up(reader, closed.day);
  REQUIRE(sums);
  CHECK(sums->worth_keeping);
  closed.store.append("late", {1});
  {
    Transaction transaction(writer);
    CHECK_FALSE(put(writer, reader, *sums));
  }
  CHECK_FALSE(closed.have_sums());

  const auto again = add_up(reader, closed.day);
  REQUIRE(again);
  {
    Transaction transaction(writer);
    CHECK(put(writer, reader, *again));
    transaction.commit();
  }
  CHECK(closed.have_sums());
  CHECK(closed.ask("SELECT sum(n) FROM rollup_sums") == 3);
  CHECK_FALSE(add_up(reader, closed.day));  // they are there
}

TEST_CASE("sqlite: a stale day has no sums", "[storage]") {
  ClosedDay closed;
  closed.maintain();
  {
    Connection writer = closed.open(Mode::read_write);
    mark_stale(writer, closed.store.clock.now());
  }
  CHECK_FALSE(closed.have_sums());
  Connection reader = closed.open(Mode::read_only);
  CHECK_FALSE(add_up(reader, closed.day));
}

TEST_CASE("sqlite: sums hardly smaller than the roll-ups are not kept", "[storage]") {
  ClosedDay closed;
  closed.open(Mode::read_write)
      .execute(
          "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) "
          "INSERT INTO rollups SELECT 0, 'default', i, '', '', '', 9 FROM n; "
          "UPDATE tenant_rows SET rows = 9902");
  closed.maintain();
  CHECK(closed.summed() == kNotWorthSumming);
  CHECK_FALSE(closed.have_sums());
  CHECK(closed.ask("SELECT count(*) FROM rollup_sums") == 0);
}

TEST_CASE("sqlite: a file of an older version has no sums, and gets none", "[storage]") {
  ClosedDay closed;
  closed.open(Mode::read_write)
      .execute(
          "DROP TRIGGER logs_uncount; ALTER TABLE rollup_state DROP COLUMN summed; "
          "DROP TABLE rollup_sums; PRAGMA user_version = 5");
  closed.maintain();
  CHECK(closed.ask("PRAGMA user_version") == 5);
  Connection reader = closed.open(Mode::read_only);
  CHECK(kept_counts(reader).grain == storage::Grain::minutes);
  CHECK_FALSE(kept_counts(reader).sums);
}
