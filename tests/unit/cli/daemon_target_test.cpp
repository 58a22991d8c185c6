#include "cli/daemon_target.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/script_server.h"

#include <string>
#include <thread>
#include <vector>

using namespace logctl;
using namespace logctl::cli;
using Catch::Matchers::Contains;
using test::Script;
using test::ScriptServer;

namespace {

std::string answer(const std::string& status, const std::string& body,
                   const std::string& headers = {}) {
  return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string kLimits =
    answer("200 OK", R"({"request":{"max_body_bytes":1000000,)"
                     R"("max_decompressed_bytes":400},"batch":{"max_records":3}})");

std::string stored(int count, int duplicates = 0, const std::string& errors = "[]") {
  return answer("201 Created", R"({"success":true,"data":{"logs_processed":)" +
                                   std::to_string(count) + R"(,"duplicates":)" +
                                   std::to_string(duplicates) + R"(,"errors":)" + errors + "}}");
}

struct Fixture {
  std::vector<microseconds> pauses;
  Batch batch;

  explicit Fixture(int records) {
    for (int i = 0; i < records; ++i) {
      LogRecord& record = batch.records.emplace_back();
      record.event_id = batch.arena->copy("e" + std::to_string(i));
      record.message = "m";
      record.properties = R"({"n":1.50})";
    }
  }
  DaemonTarget::Settings settings(const ScriptServer& server) {
    DaemonTarget::Settings settings;
    settings.url = server.url();
    settings.key = "secret";
    settings.sleep = [this](microseconds pause) { pauses.push_back(pause); };
    return settings;
  }
};

// Each answer on a connection of its own.
std::vector<Script> scripts(const std::vector<std::string>& answers) {
  std::vector<Script> all(1 + answers.size());
  all[0].answers.push_back(kLimits);
  for (std::size_t i = 0; i < answers.size(); ++i) all[i + 1].answers.push_back(answers[i]);
  return all;
}

}  // namespace

TEST_CASE("daemon target: records go out as lines, as many as the daemon takes", "[cli]") {
  Fixture f(4);
  f.batch.records[1].dedup_by_id = true;
  ScriptServer server(scripts({stored(3), stored(1)}));
  DaemonTarget target(f.settings(server));
  CHECK(target.max_records() == 3);
  CHECK(target.append(f.batch).outcomes == std::vector(4, Outcome::stored));
  const std::vector<std::string> requests = server.finish();
  REQUIRE(requests.size() == 3);
  CHECK_THAT(requests[1], Contains("POST /api/v1/batch-ingest") &&
                              Contains("application/x-ndjson") && Contains("Bearer secret"));
  CHECK_THAT(requests[1],
             Contains(R"({"event_id":"e0","timestamp":"1970-01-01T00:00:00Z","message":"m",)"
                      R"("priority":"normal","properties":{"n":1.50}})"
                      "\n"));
  CHECK_THAT(requests[1], Contains(R"({"event_id":"e1","message":"m",)"));
  CHECK_THAT(requests[2], Contains(R"("e3")") && !Contains(R"("e2")"));
}

TEST_CASE("daemon target: what the daemon rejects or knows is told by record", "[cli]") {
  Fixture f(3);
  ScriptServer server(
      scripts({stored(1, 1, R"([{"index":1,"field":"level","message":"is wrong"}])")}));
  DaemonTarget target(f.settings(server));
  const storage::AppendResult result = target.append(f.batch);
  CHECK(result.outcomes == std::vector{Outcome::duplicate, Outcome::rejected, Outcome::stored});
  REQUIRE(result.refusals.size() == 1);
  CHECK(result.refusals[0] == std::pair<std::size_t, std::string>(1, "level: is wrong"));
}

TEST_CASE("daemon target: a request without a good record is no failure", "[cli]") {
  Fixture f(2);
  ScriptServer server(
      scripts({answer("400 Bad Request", R"({"error":"validation_error",)"
                                         R"("rejected":2,"details":[)"
                                         R"({"field":"logs[0]","message":"a"},)"
                                         R"({"field":"logs[1].host","message":"b"}]})")}));
  DaemonTarget target(f.settings(server));
  const storage::AppendResult result = target.append(f.batch);
  CHECK(result.outcomes == std::vector(2, Outcome::rejected));
  REQUIRE(result.refusals.size() == 2);
  CHECK(result.refusals[0].second == "a");
  CHECK(result.refusals[1].second == "host: b");
}

TEST_CASE("daemon target: refusals and lost connections are tried again, as late as asked",
          "[cli]") {
  Fixture f(1);
  ScriptServer server(scripts({answer("503 Service Unavailable", "{}", "Retry-After: 7\r\n"),
                               answer("429 Too Many Requests", "{}", "Retry-After: 2\r\n"),
                               "HTTP/1.1 201 Cre", stored(1)}));
  DaemonTarget target(f.settings(server));
  CHECK(target.append(f.batch).outcomes == std::vector{Outcome::stored});
  REQUIRE(f.pauses.size() == 3);
  CHECK(f.pauses[0] >= seconds(7));
  CHECK(f.pauses[0] < seconds(8));
  CHECK(f.pauses[1] >= seconds(2));
  CHECK(f.pauses[2] > microseconds(0));
}

TEST_CASE("daemon target: asked for more patience than it has, it tries once more at the end",
          "[cli]") {
  const std::string full =
      answer("503 Service Unavailable", R"({"message":"full"})", "Retry-After: 600\r\n");
  Fixture f(1);
  ScriptServer server(scripts({full, stored(1)}));
  DaemonTarget target(f.settings(server));
  CHECK(target.append(f.batch).outcomes == std::vector{Outcome::stored});
  REQUIRE(f.pauses.size() == 1);
  CHECK(f.pauses[0] > seconds(290));
  CHECK(f.pauses[0] <= seconds(300));
}

TEST_CASE("daemon target: it gives up when its time is over, and says how long it tried", "[cli]") {
  const std::string full =
      answer("503 Service Unavailable", R"({"message":"full"})", "Retry-After: 600\r\n");
  Fixture f(1);
  ScriptServer server(scripts({full, full}));
  DaemonTarget::Settings settings = f.settings(server);
  settings.retry_for = seconds(1);
  settings.sleep = [&](microseconds pause) {
    f.pauses.push_back(pause);
    std::this_thread::sleep_for(pause);
  };
  DaemonTarget target(settings);
  try {
    target.append(f.batch);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(info(error.code()).exit_status == 75);
    CHECK_THAT(error.message(), Contains("full (gave up after 1s of trying)"));
  }
  CHECK(f.pauses.size() == 1);
}

TEST_CASE("daemon target: a wrong key is not tried again", "[cli]") {
  Fixture f(1);
  ScriptServer server(scripts({answer("401 Unauthorized", R"({"message":"no such key"})")}));
  DaemonTarget target(f.settings(server));
  try {
    target.append(f.batch);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(info(error.code()).exit_status == 4);
    CHECK_THAT(error.message(), Contains("no such key"));
  }
}
