#include "shared/storage/sqlite/connection.h"

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

TEST_CASE("sqlite: values come back as they were bound", "[storage]") {
  Scratch scratch;
  Statement insert = scratch.connection.prepare_kept("INSERT INTO t VALUES (?1, ?2)");
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
  Statement insert = scratch.connection.prepare_kept("INSERT INTO t VALUES (?1, 'x')");
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
