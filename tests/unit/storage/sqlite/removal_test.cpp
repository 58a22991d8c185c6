// What a crash in the middle of removing a day leaves behind is finished, and booked once.
#include "shared/storage/sqlite/removal.h"

#include "shared/ingest/accounting.h"
#include "shared/storage/sqlite/meta.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

#include <filesystem>

using namespace logctl;
using namespace logctl::test;
using storage::sqlite::Connection;
using storage::sqlite::Mode;

namespace {

ingest::Accounting books(SqliteStore& store) {
  return ingest::total(ingest::account(store.logs().accounts(), {}));
}

std::filesystem::path cut_off(SqliteStore& store, int days_ago) {
  store.backend = {};  // as if the process had died
  const std::filesystem::path file = store.day_file(days_ago);
  // As it is done: everything is in the file itself when it gets its other name.
  Connection(file, Mode::read_write, seconds(1)).execute("PRAGMA wal_checkpoint(TRUNCATE)");
  std::filesystem::path renamed = file.parent_path() / "2026-03-08.a-token.removed";
  std::filesystem::rename(file, renamed);
  return renamed;
}

}  // namespace

TEST_CASE("sqlite: a removal that was cut off is finished", "[storage]") {
  SqliteStore store;
  store.append("a", {0, 1, 2, 2});
  const std::uint64_t rows = store.rows();
  const std::filesystem::path left = cut_off(store, 2);
  store.backend = store.open();
  // The rows and their books are gone together.
  CHECK(books(store).stored == rows - 1);
  CHECK(books(store).deleted_total() == 0);
  const std::filesystem::path copy = left.string() + ".copy";
  std::filesystem::copy_file(left, copy);

  CHECK(store.backend.days->finish_drops() == 1);
  CHECK_FALSE(std::filesystem::exists(left));
  CHECK(books(store).stored == rows);
  CHECK(books(store).deleted.at("retention") == 1);
  CHECK(books(store).difference() == 0);
  CHECK(store.backend.days->finish_drops() == 0);

  // Cut off once more, after its books were moved.
  std::filesystem::rename(copy, left);
  CHECK(store.backend.days->finish_drops() == 1);
  CHECK(books(store).stored == rows);
  CHECK(books(store).deleted.at("retention") == 1);
}

TEST_CASE("sqlite: a new day does not inherit the log of a removed one", "[storage]") {
  SqliteStore store;
  store.append("a", {1});
  store.backend = {};
  const std::string file = store.day_file(1).string();
  std::filesystem::remove(file);
  for (const char* suffix : {"-wal", "-shm"}) {
    Connection(file + suffix, Mode::create, seconds(1)).execute("CREATE TABLE t (x)");
  }
  store.backend = store.open();
  CHECK(store.append("late", {1}).outcomes == std::vector<Outcome>{Outcome::stored});
  CHECK(store.rows() == 1);
}

TEST_CASE("sqlite: a day that a query reads is left for the next time", "[storage]") {
  SqliteStore store;
  store.append("a", {1});
  const auto yes = [](const storage::RowsByTenant&) { return true; };
  const storage::Day day = day_of(store.clock.now()) - std::chrono::days(1);
  {
    Connection reader(store.day_file(1), Mode::read_only, seconds(1));
    storage::sqlite::Statement select = reader.prepare("SELECT * FROM logs");
    REQUIRE(select.step());
    // The log that the reader needs cannot be emptied.
    const Error error = error_of([&] { store.backend.days->drop(day, yes); });
    CHECK(error.code() == ErrorCode::locked);
    CHECK_THAT(error.message(), Catch::Matchers::Contains("in use"));
    CHECK(store.rows() == 1);
  }
  CHECK(store.backend.days->drop(day, yes) == 1);
  CHECK(store.rows() == 0);
}
