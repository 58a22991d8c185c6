#include "shared/base/file.h"
#include "shared/storage/sqlite/connection.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"

using namespace logctl;
using Catch::Matchers::Contains;
using test::make_batch;
using test::Program;

namespace {

struct Fixture : Program {
  Fixture() { REQUIRE(run({"migrate", "up"}).status == 0); }

  // Three good records, a repeat, and one that is refused.
  void load() {
    const std::filesystem::path path = folder.path() / "in.ndjson";
    File file = File::create(path, 0600);
    for (const char* id : {"a", "b", "c", "a"}) {
      file.write_all(R"({"timestamp":"2026-01-15T11:00:00Z","message":"m","event_id":")" +
                     std::string(id) + "\"}\n");
    }
    file.write_all("{\n");
    file.close();
    REQUIRE(run({"ingest", path.string()}).status == 3);
  }
  void change(const std::string& sql) {
    storage::sqlite::Connection(folder.path() / "logs" / "2026-01-15.sqlite",
                                storage::sqlite::Mode::read_write, milliseconds(5000))
        .execute(sql);
  }
  Answer reconcile() { return run({"doctor", "--reconcile", "-o", "plain"}); }
};

}  // namespace

TEST_CASE("reconcile: an empty store and a loaded one agree with their books", "[cli]") {
  Fixture f;
  const Program::Answer empty = f.reconcile();
  CHECK(empty.status == 0);
  CHECK_THAT(empty.out, Contains("no records yet"));
  f.load();
  const Program::Answer loaded = f.reconcile();
  CHECK(loaded.status == 0);
  CHECK_THAT(loaded.out,
             Contains("accounting of 'default'\tok\treceived 5 = stored 3 + duplicate 1 + "
                      "rejected 1; 3 rows\t\n"));
  CHECK_THAT(f.run({"status", "-o", "json"}).out,
             Contains(R"("received":5,"stored":3,"duplicate":1,"rejected":{"malformed":1},)"));
}

TEST_CASE("reconcile: that there is no spool is said once", "[cli]") {
  Fixture f;
  f.load();
  const std::string out = f.reconcile().out;
  const std::size_t first = out.find("spool\tok\tnone");
  REQUIRE(first != std::string::npos);
  CHECK(out.find("spool\t", first + 1) == std::string::npos);
}

TEST_CASE("doctor: a day file that is none is named", "[cli]") {
  Fixture f;
  f.load();
  CHECK_THAT(f.run({"doctor", "-o", "plain"}).out, Contains("days\tok\t1 on disk"));
  replace_file(f.folder.path() / "logs" / "2026-01-15.sqlite", std::string(8192, 'x'));
  const Program::Answer answer = f.run({"doctor", "-o", "plain"});
  CHECK(answer.status == 8);
  CHECK_THAT(answer.out, Contains("days\tfailed\t") && Contains("2026-01-15.sqlite"));
}

TEST_CASE("reconcile: a row too few is found", "[cli]") {
  Fixture f;
  f.load();
  f.change("DELETE FROM logs WHERE event_id = 'b'");
  const Program::Answer answer = f.reconcile();
  CHECK(answer.status == 8);
  CHECK_THAT(answer.out, Contains("\tfailed\t") &&
                             Contains("2 rows; 1 more records booked as stored than rows"));
}

TEST_CASE("reconcile: books that do not close are found", "[cli]") {
  Fixture f;
  f.load();
  f.change("UPDATE accounting SET n = n - 1 WHERE what = 'duplicate'");
  const Program::Answer answer = f.reconcile();
  CHECK(answer.status == 8);
  CHECK_THAT(answer.out, Contains("the books do not close by 1"));
}

TEST_CASE("reconcile: what waits in a spool is there", "[cli]") {
  Fixture f;
  {
    spool::Spool spool = f.open_spool();
    Program::put(spool, make_batch({"a", "b"}, {{2, "", Reason::malformed, "no"}}));
  }
  const Program::Answer answer = f.reconcile();
  CHECK(answer.status == 0);
  CHECK_THAT(answer.out, Contains("written 3 = in the books 0 + waiting 3"));
  CHECK_THAT(f.run({"status", "-o", "json"}).out, Contains(R"("spooled":2,)"));
}

TEST_CASE("reconcile: a store that no longer has what it had is found", "[cli]") {
  Fixture f;
  {
    spool::Spool spool = f.open_spool();
    spool.release(Program::put(spool, make_batch({"a", "b"})));
    Program::put(spool, make_batch({"c"}));
  }
  const Program::Answer answer = f.reconcile();
  CHECK(answer.status == 8);
  CHECK_THAT(answer.out, Contains("written 3 = in the books 0 + waiting 1; 2 more written records "
                                  "than in books and spool") &&
                             Contains("it was set back, or is another one"));
}
