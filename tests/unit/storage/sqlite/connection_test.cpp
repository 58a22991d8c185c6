#include "shared/storage/sqlite/connection.h"

#include "shared/storage/sqlite/moment.h"
#include "tests/unit/storage/sqlite/store_fixture.h"

using namespace logctl;
using namespace logctl::test;
using namespace logctl::storage::sqlite;
using Catch::Matchers::Contains;

namespace {

struct Scratch {
  TempDir folder;
  Connection connection{folder.path() / "scratch.sqlite", Mode::create, milliseconds(10)};
  Scratch() { connection.execute("CREATE TABLE t (n INTEGER NOT NULL, s TEXT) STRICT"); }
};

}  // namespace

TEST_CASE("sqlite: a moment ends whatever its deadline, and holds another one", "[storage]") {
  Scratch scratch;
  Connection& connection = scratch.connection;
  // Steps of a statement that is kept add up: some of these are interrupted at their very end.
  for (int i = 0; i < 8000; ++i) {
    connection.set_deadline(std::chrono::steady_clock::time_point::max());
    {
      const Moment moment(connection);
      REQUIRE(connection.in_transaction());
      const Moment within(connection);
      connection.set_deadline({});
    }
    REQUIRE_FALSE(connection.in_transaction());
  }
  // The same at their beginning.
  int refused = 0;
  for (int i = 0; i < 8000; ++i) {
    try {
      const Moment moment(connection);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::timeout);
      ++refused;
    }
    REQUIRE_FALSE(connection.in_transaction());
  }
  CHECK(refused > 0);
}

TEST_CASE("sqlite: a file that never changes is read wherever it lies", "[storage]") {
  const TempDir folder;
  const auto file = folder.path() / "a%41?b#c.sqlite";
  {
    Connection made(file, Mode::create, milliseconds(10));
    made.execute("CREATE TABLE t (n); INSERT INTO t VALUES (7)");
  }
  Connection connection(file, Mode::unchanging, milliseconds(0));
  CHECK(connection.scalar("SELECT n FROM t") == 7);
  CHECK_THROWS_AS(connection.execute("INSERT INTO t VALUES (8)"), Error);
  CHECK_THROWS_AS(Connection(folder.path() / "none", Mode::unchanging, milliseconds(0)), Error);
}

TEST_CASE("sqlite: values come back as they were bound", "[storage]") {
  Scratch scratch;
  Statement insert = scratch.connection.prepare_owned("INSERT INTO t VALUES (?1, ?2)");
  const std::string nul("a\0b", 3);
  for (const std::string_view text :
       {std::string_view("x"), std::string_view(), std::string_view(nul)}) {
    insert.bind(1, std::int64_t{INT64_MIN});
    insert.bind(2, text);
    insert.run();
    CHECK(scratch.connection.changes() == 1);
  }
  insert.bind_optional(2, std::string_view());
  insert.run();
  Statement select = scratch.connection.prepare("SELECT n, s FROM t ORDER BY rowid");
  for (const std::string_view text :
       {std::string_view("x"), std::string_view(), std::string_view(nul)}) {
    REQUIRE(select.step());
    CHECK(select.integer(0) == INT64_MIN);
    CHECK(select.text(1) == text);
    CHECK_FALSE(select.is_null(1));
  }
  REQUIRE(select.step());
  CHECK(select.is_null(1));
  CHECK_FALSE(select.step());
}

TEST_CASE("sqlite: a value that the table refuses ends the statement, not the transaction",
          "[storage]") {
  Scratch scratch;
  Transaction transaction(scratch.connection);
  Statement insert = scratch.connection.prepare_owned("INSERT INTO t VALUES (?1, 'x')");
  insert.bind(1, std::int64_t{1});
  CHECK_FALSE(insert.run_or_refuse().has_value());
  insert.bind(1, std::string_view("many"));
  CHECK_THAT(insert.run_or_refuse().value_or(""), Contains("INTEGER column t.n"));
  insert.bind_null(1);
  CHECK_THAT(insert.run_or_refuse().value_or(""), Contains("NOT NULL"));
  insert.bind(1, std::int64_t{2});
  CHECK_FALSE(insert.run_or_refuse().has_value());
  transaction.commit();
  CHECK(scratch.connection.scalar("SELECT sum(n) FROM t") == 3);
}

TEST_CASE("sqlite: a transaction that is not committed leaves nothing", "[storage]") {
  Scratch scratch;
  {
    const Transaction transaction(scratch.connection);
    scratch.connection.execute("INSERT INTO t VALUES (1, 'x')");
  }
  CHECK(scratch.connection.scalar("SELECT count(*) FROM t") == 0);
  CHECK_NOTHROW(Transaction(scratch.connection).commit());
}

TEST_CASE("sqlite: errors carry the file and a code that says what to do", "[storage]") {
  Scratch scratch;
  const std::filesystem::path file = scratch.connection.file();
  const Error syntax = error_of([&] { scratch.connection.prepare("SELEKT 1"); });
  CHECK(syntax.code() == ErrorCode::storage);
  CHECK_THAT(syntax.message(), Contains(file.string()) && Contains("SELEKT"));

  const Error missing = error_of(
      [&] { Connection(file.parent_path() / "none.sqlite", Mode::read_only, milliseconds(1)); });
  CHECK(missing.code() == ErrorCode::not_found);

  Connection reader(file, Mode::read_only, milliseconds(1));
  const Error refused = error_of([&] { reader.execute("DELETE FROM t"); });
  CHECK(refused.code() == ErrorCode::storage);
  CHECK_THAT(refused.hint(), Contains("mode of the file"));

  scratch.connection.execute("PRAGMA max_page_count = 2");
  const Error full = error_of(
      [&] { scratch.connection.execute("INSERT INTO t VALUES (1, hex(zeroblob(1000000)))"); });
  CHECK(full.code() == ErrorCode::disk_full);
  CHECK(full.hint() == "make room on the disk");
}

TEST_CASE("sqlite: a statement that comes again knows nothing of the time before", "[storage]") {
  Scratch scratch;
  Connection& connection = scratch.connection;
  connection.execute("INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, NULL)");
  constexpr std::string_view kSql = "SELECT n, ?1 FROM t ORDER BY n";
  {
    Statement begun = connection.prepare(kSql);
    begun.bind(1, std::string_view("bound"));
    REQUIRE(begun.step());
    CHECK(begun.text(1) == "bound");
    // While one is in use, the same text is another statement.
    Statement beside = connection.prepare(kSql);
    beside.bind(1, std::int64_t{7});
    REQUIRE(beside.step());
    CHECK(beside.integer(1) == 7);
    REQUIRE(begun.step());
    CHECK(begun.integer(0) == 2);
    CHECK(begun.text(1) == "bound");
  }
  Statement again = connection.prepare(kSql);
  for (const int n : {1, 2, 3}) {
    REQUIRE(again.step());
    CHECK(again.integer(0) == n);
    CHECK(again.is_null(1));
  }
  CHECK_FALSE(again.step());
}

TEST_CASE("sqlite: statements that nobody uses hold up no change and see every one", "[storage]") {
  Scratch scratch;
  Connection& connection = scratch.connection;
  use_write_ahead_log(connection, milliseconds(0));
  connection.execute("INSERT INTO t VALUES (1, 'x')");
  { REQUIRE(connection.prepare("SELECT * FROM t").step()); }
  Connection other(connection.file(), Mode::read_write, milliseconds(0));
  other.execute("ALTER TABLE t ADD COLUMN more TEXT; INSERT INTO t VALUES (2, 'y', 'z')");
  CHECK(other.scalar("PRAGMA wal_checkpoint(TRUNCATE)") == 0);  // nobody reads
  {
    Statement select = connection.prepare("SELECT * FROM t");
    REQUIRE(select.step());
    REQUIRE(select.step());
    CHECK(select.text(2) == "z");
  }
  connection.execute("DROP TABLE t");
  CHECK_THROWS_AS(connection.prepare("SELECT * FROM t").step(), Error);
}

TEST_CASE("sqlite: a statement that failed may come again", "[storage]") {
  Scratch scratch;
  constexpr std::string_view kSql = "INSERT INTO t VALUES (?1, ?2)";
  {
    Statement insert = scratch.connection.prepare(kSql);
    insert.bind(1, std::string_view("many"));
    CHECK_THROWS_AS(insert.run(), Error);
  }
  Statement insert = scratch.connection.prepare(kSql);
  insert.bind(1, std::int64_t{1});
  insert.run();
  CHECK(scratch.connection.scalar("SELECT count(*) FROM t") == 1);
}

TEST_CASE("sqlite: any number of different statements may follow each other", "[storage]") {
  Scratch scratch;
  for (int round = 0; round < 2; ++round) {
    for (int n = 0; n < 50; ++n) {
      CHECK(scratch.connection.scalar("SELECT " + std::to_string(n)) == n);
    }
  }
}
