#include "shared/storage/postgres/pool.h"

#include "shared/base/error.h"
#include "shared/storage/postgres/open.h"
#include "tests/conformance/world.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <string>
#include <unistd.h>

using namespace logctl;
using namespace logctl::test;
using storage::postgres::Pool;
using storage::postgres::Session;

namespace {

Pool::Settings settings(const PostgresSchema& schema) {
  Pool::Settings result;
  result.conninfo = schema.url();
  result.most = 1;
  result.wait = milliseconds(20);
  result.statement_timeout = milliseconds(100);
  return result;
}

std::string one(Session& session, const std::string& sql) { return session.run(sql)[0][0].c_str(); }

}  // namespace

TEST_CASE("postgres pool: one that is used up answers overloaded", "[postgres]") {
  const PostgresSchema schema;
  Pool pool(settings(schema));
  pool.read("outer", [&](Session&) {
    CHECK(code_of([&] { pool.read("inner", [](Session&) {}); }) == ErrorCode::overloaded);
  });
  CHECK_NOTHROW(pool.read("again", [](Session& session) { session.run("SELECT 1"); }));
}

TEST_CASE("postgres pool: a query that takes too long is ended and said to be", "[postgres]") {
  const PostgresSchema schema;
  Pool pool(settings(schema));
  CHECK(code_of([&] {
          pool.read("slow", [](Session& session) { session.run("SELECT pg_sleep(30)"); });
        }) == ErrorCode::timeout);
}

TEST_CASE("postgres pool: a connection that was cut is replaced without anybody noticing",
          "[postgres]") {
  const PostgresSchema schema;
  Pool pool(settings(schema));
  std::string before;
  std::string after;
  pool.read("pid", [&](Session& session) { before = one(session, "SELECT pg_backend_pid()"); });
  pool.read("pid", [&](Session& session) { after = one(session, "SELECT pg_backend_pid()"); });
  CHECK(after == before);
  schema.ask(fmt::format("SELECT pg_terminate_backend({})", before));
  pool.probe("pid", [&](Session& session) { after = one(session, "SELECT pg_backend_pid()"); });
  CHECK(after != before);
}

TEST_CASE("postgres pool: errors say what was tried, and a change that fails changes nothing",
          "[postgres]") {
  const PostgresSchema schema;
  schema.ask("CREATE TABLE t (a int)");
  Pool pool(settings(schema));
  CHECK_THROWS_WITH(pool.change("fill t",
                                [](Session& session) {
                                  session.run("INSERT INTO t VALUES (1)");
                                  session.run("INSERT INTO gone VALUES (1)");
                                }),
                    "fill t: relation \"gone\" does not exist");
  CHECK(schema.ask("SELECT count(*) FROM t") == "0");
  CHECK(code_of([&] {
          pool.read("look", [](Session& session) {
            session.run("SELECT $1::text", {std::string("a\0b", 3)});
          });
        }) == ErrorCode::validation_error);
}

TEST_CASE("postgres pool: a change that may be repeated outlives lost connections", "[postgres]") {
  const PostgresSchema schema;
  schema.ask("CREATE TABLE t (a int PRIMARY KEY)");
  Pool::Settings patient = settings(schema);
  Pool pool(patient);
  int attempts = 0;
  const auto end_own_connection = [&](Session& session) {
    session.run("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING");
    if (++attempts > 3) return;
    schema.ask(
        fmt::format("SELECT pg_terminate_backend({})", one(session, "SELECT pg_backend_pid()")));
    session.run("SELECT 1");
  };
  pool.change_repeatedly("fill t", end_own_connection);
  CHECK(attempts == 4);
  CHECK(schema.ask("SELECT count(*) FROM t") == "1");

  // Not for ever, and in words.
  patient.retry_for = milliseconds(100);
  Pool hasty(patient);
  attempts = -1000;
  try {
    hasty.change_repeatedly("fill t", end_own_connection);
    FAIL("expected an error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unavailable);
    CHECK_THAT(error.message(), !Catch::Matchers::Contains("encoding"));
  }
  // What is wrong stays wrong.
  attempts = 0;
  CHECK_THROWS_AS(pool.change_repeatedly("fill",
                                         [&](Session& session) {
                                           ++attempts;
                                           session.run("INSERT INTO gone VALUES (1)");
                                         }),
                  Error);
  CHECK(attempts == 1);
}

TEST_CASE("postgres pool: a read-only store refuses to write", "[postgres]") {
  const PostgresSchema schema;
  schema.ask("CREATE TABLE t (a int)");
  Pool::Settings read_only = settings(schema);
  read_only.read_only = true;
  Pool pool(read_only);
  CHECK_THROWS_AS(
      pool.change("write", [](Session& session) { session.run("INSERT INTO t VALUES (1)"); }),
      Error);
  CHECK(schema.ask("SELECT count(*) FROM t") == "0");
}

TEST_CASE("postgres schema: the holder of the migration lock is named", "[postgres]") {
  const PostgresSchema schema;
  const ManualClock clock(at("2026-03-10T12:00:00Z"));
  config::StoreTarget target;
  target.connection = {{"database.url", schema.url()}};
  storage::Backend backend =
      storage::postgres::open_postgres({}, target, clock, storage::Access::read_write);
  const auto held = backend.schema->lock(seconds(1));
  try {
    backend.schema->lock(milliseconds(1));
    FAIL("expected an error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::locked);
    const std::string server = schema.ask(
        "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1");
    INFO(error.message());
    CHECK(error.message().find("held by process " + std::to_string(::getpid()) + " on ") !=
          std::string::npos);
    CHECK(error.message().find("(server process " + server + ")") != std::string::npos);
  }
}

TEST_CASE("postgres open: a hypertable that is impossible is refused, `auto` does without",
          "[postgres]") {
  const PostgresSchema schema;
  config::Config config;
  config::StoreTarget target;
  target.connection = {{"database.url", schema.url()}};
  const auto migrate = [&](const char* partitioning) {
    config.storage.partitioning = partitioning;
    const storage::Backend backend = storage::postgres::open_postgres(
        config, target, system_clock(), storage::Access::read_write);
    migrations::up(*backend.schema, std::nullopt, seconds(10), system_clock());
  };
  try {
    migrate("timescale");
    FAIL("expected an error");
  } catch (const Error& error) {
    INFO(error.message());
    CHECK(error.code() == ErrorCode::config);
    CHECK(error.message().find("`timescale` is not possible: ") != std::string::npos);
    CHECK(error.hint().find("set storage.partitioning to `auto`") != std::string::npos);
  }
  migrate("auto");
  CHECK(schema.ask("SELECT relkind FROM pg_class WHERE oid = 'logs'::regclass") == "p");
}
