#include "shared/base/file.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"

using namespace logctl;
using Catch::Matchers::Contains;
using test::make_batch;
using test::Program;

namespace {

struct Fixture : Program {
  // Two requests, a minute old.
  void fill() {
    spool::Spool spool = open_spool();
    put(spool, make_batch({"a", "b"}, {{2, "", Reason::malformed, "no"}}, "acme"));
    put(spool, make_batch({"c"}));
    clock.advance(seconds(60));
  }
  // A byte of the first record's text becomes another one.
  void damage() {
    for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "spool")) {
      if (entry.path().extension() != ".segment") continue;
      const auto file = real_file_system().open_read_write(entry.path());
      std::string bytes(4096, '\0');
      bytes.resize(file->read_at(0, bytes));
      const std::size_t at = bytes.find("acme");
      if (at == std::string::npos) continue;
      const std::string_view other[] = {"X"};
      file->write_at(at, other);
      file->sync();
    }
  }
};

}  // namespace

TEST_CASE("spool: where there is none, every command says so", "[cli]") {
  Fixture f;
  for (const char* command : {"status", "verify", "export", "drain"}) {
    INFO(command);
    const Program::Answer answer = f.run({"spool", command});
    CHECK(answer.status == 5);
    CHECK_THAT(answer.err, Contains("there is no spool"));
    CHECK(answer.out.empty());
  }
}

TEST_CASE("spool status: what waits, and since when", "[cli]") {
  Fixture f;
  f.fill();
  const Program::Answer answer = f.run({"spool", "status", "-o", "json"});
  CHECK(answer.status == 0);
  CHECK_THAT(answer.out, Contains(R"("frames":2,"records":3,)") &&
                             Contains(R"("oldest":"2026-01-15T12:00:00Z","oldest_seconds":60,)") &&
                             Contains(R"("store_position":0,)"));
}

TEST_CASE("status: with the store away it tells what waits on this disk", "[cli]") {
  Fixture f;
  const std::string away = "--set=database.url=postgres://127.0.0.1:1/none";
  CHECK(f.run({away, "status"}).out.empty());
  f.fill();
  const Program::Answer answer = f.run({away, "status", "-o", "json"});
  CHECK(answer.status == 75);
  CHECK_THAT(answer.out, Contains(R"("received":null,)") && Contains(R"("spooled":3,)") &&
                             Contains(R"("spool_oldest_seconds":60,)") &&
                             Contains(R"("problem":")"));
  CHECK_FALSE(answer.err.empty());
}

TEST_CASE("spool verify: damage is an exit status", "[cli]") {
  Fixture f;
  f.fill();
  const Program::Answer sound = f.run({"spool", "verify", "-o", "json"});
  CHECK(sound.status == 0);
  CHECK_THAT(sound.out, Contains(R"("corrupt_frames":0,)") && Contains(R"("ok":true)"));
  f.damage();
  const Program::Answer damaged = f.run({"spool", "verify", "-o", "json"});
  CHECK(damaged.status == 8);
  CHECK_THAT(damaged.out, Contains(R"("corrupt_frames":1,)") && Contains(R"("ok":false)"));
  // What is whole can still be had.
  const Program::Answer rest = f.run({"spool", "export"});
  CHECK(rest.status == 3);
  CHECK_THAT(rest.out, Contains(R"("event_id":"c")") && !Contains(R"("event_id":"a")"));
  const Program::Answer doctor = f.run({"doctor", "-o", "json"});
  CHECK(doctor.status == 8);
  CHECK_THAT(doctor.out, Contains("1 damaged frames"));
}

TEST_CASE("spool export: what `ingest` takes, of everybody or of one tenant", "[cli]") {
  Fixture f;
  f.fill();
  const std::string file = (f.folder.path() / "out.ndjson").string();
  const Program::Answer exported = f.run({"spool", "export", file, "-o", "json"});
  CHECK(exported.status == 0);
  CHECK(exported.out == R"({"file":")" + file + R"(","records":3,"damaged":0})" + "\n");
  REQUIRE(f.run({"migrate", "up"}).status == 0);
  const Program::Answer loaded = f.run({"ingest", file, "-o", "json"});
  CHECK(loaded.status == 0);
  CHECK_THAT(loaded.out, Contains(R"("accepted":3)"));

  const Program::Answer acme = f.run({"spool", "export", "--tenant", "acme"});
  CHECK_THAT(acme.out, Contains(R"("event_id":"a")") && Contains(R"("event_id":"b")"));
  CHECK_THAT(acme.out, !Contains(R"("event_id":"c")"));
  CHECK(f.run({"spool", "export", "--tenant", "nobody"}).out.empty());
}

TEST_CASE("spool drain: an embedded store is refused, and the spool keeps what it has", "[cli]") {
  Fixture f;
  f.fill();
  REQUIRE(f.run({"migrate", "up"}).status == 0);
  const Program::Answer answer = f.run({"spool", "drain"});
  CHECK(answer.status == 78);
  CHECK_THAT(answer.err, Contains("the store is SQLite") && Contains("spool export"));
  CHECK_THAT(f.run({"spool", "status", "-o", "json"}).out, Contains(R"("records":3,)"));
}

TEST_CASE("spool drain: not beside a daemon", "[cli]") {
  Fixture f;
  REQUIRE(f.run({"migrate", "up"}).status == 0);
  const spool::Spool daemons = f.open_spool();
  const Program::Answer answer = f.run({"spool", "drain"});
  CHECK(answer.status == 6);
  CHECK_THAT(answer.err, Contains("spool"));
}
