#include "service/handlers/ingest.h"

#include "shared/base/time_text.h"
#include "shared/ingest/committer.h"
#include "tests/support/catch.h"
#include "tests/support/fake_store.h"
#include "tests/support/temp_dir.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace logctl;

namespace {

using Call = handlers::IngestHandlers::Answer (handlers::IngestHandlers::*)(http::Request&);
constexpr Call kSingle = &handlers::IngestHandlers::change66_single;
constexpr Call kBatch = &handlers::IngestHandlers::change66_batch;
constexpr Call kLog = &handlers::IngestHandlers::logs_single;
constexpr Call kLogs = &handlers::IngestHandlers::logs_batch;

config::Config test_config(const test::TempDir& folder) {
  config::Config config;
  config.storage.data_dir = folder.path();
  config.log.level = "error";
  config.ingest.max_batch_records = 200;
  return config;
}

http::Request post(std::string body) {
  http::Request request;
  request.method = http::Method::post;
  request.headers = {{"content-type", "application/json"}};
  request.body = std::move(body);
  return request;
}

// Handlers over a fake store; `queue_bytes` bounds what may wait for it.
struct Fixture {
  test::TempDir folder;
  config::Config config = test_config(folder);
  metrics::Observer observer{config};
  ManualClock clock{*parse_rfc3339("2026-01-15T12:00:00Z")};
  test::FakeStore store;
  ingest::DeadLetters letters{config, clock, observer};
  ingest::Committer committer;
  handlers::IngestHandlers handlers;

  explicit Fixture(std::uint64_t queue_bytes = 64 * 1024 * 1024)
      : committer(store, observer, limits(queue_bytes), "test", letters),
        handlers(committer, std::make_shared<const ingest::Rules>(config), letters, clock,
                 observer) {}

  static config::BatchLimits limits(std::uint64_t queue_bytes) {
    config::BatchLimits limits;
    limits.queue_bytes = queue_bytes;
    return limits;
  }

  std::vector<ingest::DeadLetter> kept() {
    letters.sync();
    const ingest::DeadLetterFiles files(ingest::dead_letter_directory(config));
    const auto names = files.list();
    return names.empty() ? std::vector<ingest::DeadLetter>() : files.read(names.front()).letters;
  }

  http::Response answer(Call call, http::Request request) {
    boost::asio::io_context io;
    http::Response response;
    std::exception_ptr failure;
    const auto done = [&](std::exception_ptr error, http::Response result) {
      failure = error;
      response = std::move(result);
    };
    boost::asio::co_spawn(io, (handlers.*call)(request), done);
    io.run();
    if (failure) std::rethrow_exception(failure);
    return response;
  }
  http::Response answer(Call call, std::string body) { return answer(call, post(std::move(body))); }
};

std::string event(const std::string& id) {
  return fmt::format(
      R"({{"event_id":"{}","timestamp":"2026-01-15T11:00:00Z","event_type":"error","event_name":"n"}})",
      id);
}

std::string entry(const std::string& message) {
  return fmt::format(
      R"({{"timestamp":"2026-01-15T11:00:00Z","service":"api","level":"INFO","message":"{}"}})",
      message);
}

// The value at a JSON pointer, as text; "absent" when it is not there.
std::string at(const http::Response& response, const std::string& pointer) {
  simdjson::dom::parser parser;
  const auto body = parser.parse(response.body);
  REQUIRE(body.error() == simdjson::SUCCESS);
  const auto found = body.at_pointer(pointer);
  if (found.error() != simdjson::SUCCESS) return "absent";
  if (found.is_string()) return std::string(std::string_view(found));
  return simdjson::to_string(found.value_unsafe());
}

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "absent";
}

}  // namespace

TEST_CASE("ingest: a batch may come as lines, of any fields", "[handlers]") {
  Fixture f;
  const auto lines = [&f](std::string body) {
    http::Request request = post(std::move(body));
    request.headers = {{"content-type", "Application/X-NDJSON; charset=utf-8"}};
    return f.answer(kBatch, std::move(request));
  };
  const http::Response response =
      lines("{\"message\":\"a\"}\nnot json\n\n" + entry("b") + "\n" + event("e"));
  CHECK(response.status == 201);
  CHECK(at(response, "/data/logs_processed") == "3");
  CHECK(at(response, "/data/total_received") == "4");
  CHECK(at(response, "/data/errors/0/index") == "1");
  CHECK(f.store.messages().size() == 3);

  CHECK(lines("bad\nworse\n").status == 400);
  CHECK(at(lines(" \n"), "/error") == "empty_batch");
  std::string many;
  for (int i = 0; i < 201; ++i) many += "{\"message\":\"m\"}\n";
  const http::Response refused = lines(many);
  CHECK(at(refused, "/error") == "batch_too_large");
  CHECK(at(refused, "/message") == "found 201 records, at most 200 are allowed in one request");
  CHECK(f.store.messages().size() == 3);
}

TEST_CASE("handlers: Change66 stores one event and tells a repeat", "[ingest]") {
  Fixture f;
  const http::Response first = f.answer(kSingle, event("e-1"));
  CHECK(first.status == 201);
  CHECK(at(first, "/success") == "true");
  CHECK(at(first, "/data/event_id") == "e-1");
  CHECK(at(first, "/data/id") == format_record_id(*parse_rfc3339("2026-01-15T11:00:00Z"), "e-1"));
  CHECK(f.store.total_rows() == 1);

  const http::Response second = f.answer(kSingle, event("e-1"));
  CHECK(second.status == 409);
  CHECK(at(second, "/error") == "duplicate_event");
  CHECK(at(second, "/message") == "event 'e-1' is already stored");
}

TEST_CASE("handlers: Change66 says which field of an event is wrong", "[ingest]") {
  Fixture f;
  const http::Response response =
      f.answer(kSingle, R"({"event_id":"e","event_type":"party","event_name":"n"})");
  CHECK(response.status == 400);
  CHECK(at(response, "/error") == "validation_error");
  CHECK(at(response, "/details/0/field") == "event_type");
  CHECK_THAT(at(response, "/details/0/message"), Catch::Matchers::Contains("party"));
  CHECK(f.store.append_sizes().empty());
}

TEST_CASE("handlers: a Change66 batch keeps its good records", "[ingest]") {
  Fixture f;
  f.answer(kSingle, event("old"));
  f.store.script([](const LogRecord& record) -> std::optional<Outcome> {
    if (record.event_id == "disliked") return Outcome::rejected;
    return std::nullopt;
  });
  const http::Response response =
      f.answer(kBatch, fmt::format(R"({{"logs":[{},{{"event_type":"error"}},{},{},{}]}})",
                                   event("a"), event("old"), event("disliked"), event("b")));
  CHECK(response.status == 201);
  CHECK(at(response, "/success") == "true");
  CHECK(at(response, "/data/logs_processed") == "2");
  CHECK(at(response, "/data/total_received") == "5");
  CHECK(at(response, "/data/duplicates") == "1");
  CHECK(at(response, "/data/rejected") == "2");
  CHECK(at(response, "/data/errors/0/index") == "1");
  CHECK_FALSE(at(response, "/data/errors/0/field").empty());
  CHECK(at(response, "/data/errors/1/index") == "3");
  CHECK(at(response, "/data/errors/1/message") == "the store dislikes it");

  const metrics::Accounting accounting = f.observer.accounting();
  CHECK(accounting.received == 6);
  CHECK(accounting.received ==
        accounting.stored + accounting.duplicate + accounting.rejected_total() + accounting.failed);
}

TEST_CASE("handlers: a Change66 batch of nothing but repeats is a success", "[ingest]") {
  Fixture f;
  const std::string body = fmt::format(R"({{"logs":[{},{}]}})", event("a"), event("b"));
  CHECK(f.answer(kBatch, body).status == 201);
  const http::Response again = f.answer(kBatch, body);
  CHECK(again.status == 201);
  CHECK(at(again, "/data/logs_processed") == "0");
  CHECK(at(again, "/data/duplicates") == "2");
  CHECK(at(again, "/data/errors") == "[]");
}

TEST_CASE("handlers: a Change66 batch without a usable event is a 400 with every field",
          "[ingest]") {
  Fixture f;
  std::string body = R"({"logs":[)";
  for (int i = 0; i < 150; ++i)
    body += R"({"event_id":"e","event_type":"party","event_name":"n"},)";
  body.back() = ']';
  const http::Response response = f.answer(kBatch, body + "}");
  CHECK(response.status == 400);
  CHECK(at(response, "/error") == "validation_error");
  CHECK(at(response, "/details/149/field") == "logs[149].event_type");
  CHECK(at(response, "/rejected") == "150");
  CHECK(at(response, "/message") == "none of the 150 records could be taken");
}

TEST_CASE("handlers: every rejected record is named", "[ingest]") {
  Fixture f;
  std::string body = R"({"logs":[)" + event("good");
  for (int i = 0; i < 150; ++i) body += R"(,{"event_name":"n"})";
  const http::Response response = f.answer(kBatch, body + "]}");
  CHECK(response.status == 201);
  CHECK(at(response, "/data/rejected") == "150");
  CHECK(at(response, "/data/errors/149/index") == "150");
}

TEST_CASE("handlers: each kind of client is told in its own words", "[ingest]") {
  Fixture f;
  std::string many = "[";
  for (int i = 0; i < 201; ++i) many += "{},";
  many.back() = ']';
  struct Row {
    Call call;
    std::string body;
    int status;
    std::string pointer;
    std::string expected;
  };
  const std::vector<Row> rows = {
      {kSingle, "{\"event_id\": x}", 400, "/error", "invalid_json"},
      {kBatch, "{\"logs\":[", 400, "/error", "invalid_json"},
      {kBatch, "{\"logs\":[]}", 400, "/error", "empty_batch"},
      {kBatch, "{\"logs\":" + many + "}", 400, "/error", "batch_too_large"},
      {kBatch, "{\"events\":[]}", 400, "/error", "validation_error"},
      {kLog, "{\"log\":{\"message\": }}", 400, "/error", "Invalid request body"},
      {kLog, "{\"log\":{\"message\":\"m\"}}", 400, "/error", "Validation failed"},
      {kLogs, "{\"logs\":[}", 400, "/error", "Invalid request body"},
      {kLogs, "{\"logs\":[]}", 400, "/error", "Empty batch"},
      {kLogs, "{\"logs\":" + many + "}", 400, "/error", "Batch too large"},
      {kLog, "{\"message\": }", 400, "/success", "false"},
      {kLog, "{\"message\": }", 400, "/error", "Invalid request body"},
      {kLog, "{\"host\":\"h\"}", 400, "/error", "Validation failed"},
      {kLogs, "[]", 400, "/error", "Empty batch"},
      {kLogs, many, 400, "/code", "batch_too_large"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body.substr(0, 60), row.pointer);
    const http::Response response = f.answer(row.call, row.body);
    CHECK(response.status == row.status);
    CHECK(at(response, row.pointer) == row.expected);
  }
  CHECK(f.store.append_sizes().empty());
}

TEST_CASE("handlers: broken JSON is answered with its byte offset", "[ingest]") {
  Fixture f;
  CHECK_THAT(at(f.answer(kSingle, "{\"event_id\": x}"), "/message"),
             Catch::Matchers::Contains("byte 13"));
  CHECK_THAT(at(f.answer(kLog, "{\"log\": x}"), "/details"), Catch::Matchers::Contains("byte 8"));
}

TEST_CASE("handlers: cmd-log gets 202 for what is safe", "[ingest]") {
  Fixture f;
  const http::Response single = f.answer(kLog, R"({"log":)" + entry("one") + "}");
  CHECK(single.status == 202);
  CHECK(single.body == R"({"message":"Log accepted"})");

  const http::Response good =
      f.answer(kLogs, R"({"logs":[)" + entry("two") + "," + entry("three") + "]}");
  CHECK(good.status == 202);
  CHECK(good.body == R"({"message":"Batch processed","accepted":2,"total":2})");

  const http::Response partly =
      f.answer(kLogs, R"({"logs":[)" + entry("four") + R"(,{"message":"no service"}]})");
  CHECK(partly.status == 202);
  CHECK(at(partly, "/accepted") == "1");
  CHECK(at(partly, "/total") == "2");
  CHECK(at(partly, "/rejected") == "1");
  CHECK_THAT(at(partly, "/errors/0"), Catch::Matchers::StartsWith("log 1: "));

  const http::Response none = f.answer(kLogs, R"({"logs":[{"message":"no service"}]})");
  CHECK(none.status == 202);
  CHECK(at(none, "/accepted") == "0");
  CHECK(f.store.messages() == std::vector<std::string>{"one", "two", "three", "four"});
}

TEST_CASE("handlers: the Log Aggregator gets the log back", "[ingest]") {
  Fixture f;
  const http::Response single = f.answer(kLog, R"({"message":"hello","host":"web-1"})");
  CHECK(single.status == 201);
  CHECK(at(single, "/success") == "true");
  CHECK(at(single, "/data/message") == "hello");
  CHECK(at(single, "/data/host") == "web-1");
  CHECK_FALSE(at(single, "/data/id").empty());

  const http::Response batch = f.answer(kLogs, R"([{"message":"a"},{"message":"b"},{"host":"h"}])");
  CHECK(batch.status == 201);
  CHECK(at(batch, "/data/accepted") == "2");
  CHECK(at(batch, "/data/duplicates") == "0");
  CHECK(at(batch, "/data/rejected") == "1");
  CHECK(at(batch, "/data/errors/0/index") == "2");

  const http::Response none = f.answer(kLogs, R"([{"host":"h"}])");
  CHECK(none.status == 400);
  CHECK(at(none, "/success") == "false");
  CHECK(at(none, "/data/rejected") == "1");
}

TEST_CASE("handlers: only JSON is read", "[ingest]") {
  Fixture f;
  const auto answer = [&](const std::string& type) {
    http::Request request = post(event("of type " + type));
    request.headers = {{"content-type", type}};
    return f.answer(kSingle, std::move(request));
  };
  for (const char* type : {"", "application/json", "Application/JSON; charset=utf-8", "text/json",
                           "application/vnd.api+json"}) {
    CAPTURE(type);
    CHECK(answer(type).status == 201);
  }
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/xml",
                           "image/svg+json", "application/jsonx"}) {
    CAPTURE(type);
    const http::Response response = answer(type);
    CHECK(response.status == 415);
    CHECK(at(response, "/error") == "unsupported_media_type");
    CHECK_THAT(at(response, "/message"), Catch::Matchers::Contains("expected application/json"));
    CHECK_THAT(at(response, "/message"), !Catch::Matchers::Contains("x-ndjson"));
  }
  http::Request lines = post("{}");
  lines.headers = {{"content-type", "text/plain"}};
  CHECK_THAT(at(f.answer(kBatch, std::move(lines)), "/message"),
             Catch::Matchers::Contains("or application/x-ndjson"));
}

TEST_CASE("handlers: the records belong to the tenant of the key", "[ingest]") {
  Fixture f;
  std::string tenant;
  f.store.script([&](const LogRecord& record) -> std::optional<Outcome> {
    tenant = record.tenant;
    return Outcome::stored;
  });
  http::Request request = post(event("e"));
  auth::Principal principal;
  principal.tenant = "acme";
  request.principal = std::make_shared<const auth::Principal>(principal);
  CHECK(f.answer(kSingle, std::move(request)).status == 201);
  CHECK(tenant == "acme");
}

TEST_CASE("handlers: a request over the limit of records is none, in every dialect", "[ingest]") {
  Fixture f;
  std::uint32_t asked = 0;
  const auto refuse = [&](http::Request& request, std::uint32_t records) {
    asked = records;
    ratelimit::Decision decision;
    decision.allowed = false;
    decision.retry_after_seconds = 7;
    request.rate = decision;
    return std::optional(Error(ErrorCode::rate_limited, "2 records per second"));
  };
  handlers::IngestHandlers limited(f.committer, std::make_shared<const ingest::Rules>(f.config),
                                   f.letters, f.clock, f.observer, {}, refuse);
  const auto ask = [&](Call call, const std::string& body, std::uint32_t records) {
    boost::asio::io_context io;
    http::Request request = post(body);
    http::Response response;
    const auto done = [&](std::exception_ptr, http::Response result) {
      response = std::move(result);
    };
    boost::asio::co_spawn(io, (limited.*call)(request), done);
    io.run();
    INFO(response.body);
    CHECK(response.status == 429);
    CHECK(response.body.find("2 records per second") != std::string::npos);
    CHECK(std::count(response.headers.begin(), response.headers.end(),
                     std::pair<std::string, std::string>("Retry-After", "7")) == 1);
    CHECK(asked == records);
  };
  ask(kSingle, event("a"), 1);
  ask(kBatch, R"({"logs":[)" + event("a") + "," + event("b") + R"(,{"bad":1}]})", 3);
  ask(kLogs, R"({"logs":[)" + entry("a") + "]}", 1);
  ask(kLogs, "[" + entry("a") + "," + entry("b") + "]", 2);
  CHECK(f.store.messages().empty());
  CHECK(f.observer.accounting().received == 0);
  CHECK(f.kept().empty());
}

TEST_CASE("handlers: a store that fails is a 503 in every dialect", "[ingest]") {
  Fixture f;
  f.store.fail("password=hunter2 is wrong");
  const http::Response change66 = f.answer(kBatch, R"({"logs":[)" + event("a") + "]}");
  CHECK(change66.status == 503);
  CHECK(at(change66, "/error") == "unavailable");
  CHECK(header(change66, "Retry-After") == "1");
  CHECK_THAT(change66.body, !Catch::Matchers::Contains("hunter2"));

  const http::Response cmdlog = f.answer(kLog, R"({"log":)" + entry("one") + "}");
  CHECK(cmdlog.status == 503);
  CHECK(at(cmdlog, "/error") == "Service unavailable");
  CHECK(header(cmdlog, "Retry-After") == "1");

  const http::Response aggregator = f.answer(kLogs, R"([{"message":"m"}])");
  CHECK(aggregator.status == 503);
  CHECK(at(aggregator, "/success") == "false");
  CHECK(header(aggregator, "Retry-After") == "1");
  CHECK(f.observer.accounting().failed == 3);
}

TEST_CASE("handlers: a full queue is a 503 that stays in the accounting", "[ingest]") {
  Fixture f(1);
  f.store.hold();
  std::vector<std::thread> clients;
  clients.emplace_back([&] { f.answer(kSingle, event("held")); });
  f.store.wait_for_calls(1);
  clients.emplace_back([&] { f.answer(kSingle, event("waits")); });
  while (f.committer.waiting() == 0) std::this_thread::yield();

  const http::Response response = f.answer(kSingle, event("too much"));
  CHECK(response.status == 503);
  CHECK(at(response, "/error") == "overloaded");
  CHECK(header(response, "Retry-After") == "1");
  f.store.release();
  for (std::thread& client : clients) client.join();

  const metrics::Accounting accounting = f.observer.accounting();
  CHECK(accounting.received == 3);
  CHECK(accounting.stored == 2);
  CHECK(accounting.failed == 1);
}

TEST_CASE("handlers: after the end of the committer the answer is 503", "[ingest]") {
  Fixture f;
  f.committer.stop();
  const http::Response response = f.answer(kSingle, event("late"));
  CHECK(response.status == 503);
  CHECK_THAT(at(response, "/message"), Catch::Matchers::Contains("shutting down"));
}

TEST_CASE("handlers: many requests of one io thread share a transaction", "[ingest]") {
  Fixture f;
  f.store.hold();
  std::thread first([&] { f.answer(kSingle, event("first")); });
  f.store.wait_for_calls(1);
  boost::asio::io_context io;
  std::vector<http::Request> requests;
  for (int i = 0; i < 40; ++i) requests.push_back(post(event(std::to_string(i))));
  int created = 0;
  const auto done = [&](std::exception_ptr, const http::Response& response) {
    if (response.status == 201) ++created;
  };
  for (http::Request& request : requests) {
    boost::asio::co_spawn(io, f.handlers.change66_single(request), done);
  }
  std::thread server([&] { io.run(); });
  while (f.committer.waiting() < 40) std::this_thread::yield();
  f.store.release();
  server.join();
  first.join();
  CHECK(created == 40);
  CHECK(f.store.append_sizes() == std::vector<std::size_t>{1, 40});
}

TEST_CASE("handlers: new rules hold from the next request on", "[ingest]") {
  Fixture f;
  CHECK(f.answer(kSingle, event("a")).status == 201);
  f.config.ingest.event_types = {"party"};
  f.handlers.configure(std::make_shared<const ingest::Rules>(f.config));
  CHECK(f.answer(kSingle, event("b")).status == 400);
}

TEST_CASE("handlers: what is refused is kept as it was sent", "[handlers]") {
  Fixture f;
  const std::string bad = R"({"event_id":"\u0062","event_type":"odd","event_name":"n"})";
  f.answer(kBatch, post(R"({"logs":[{"event_type":"error","event_name":"n"}, )" + bad + "]}"));
  f.answer(kLog, post(R"({"log": {"message": "no time"} })"));
  const std::vector<ingest::DeadLetter> kept = f.kept();
  REQUIRE(kept.size() == 2);
  CHECK(kept[0].raw == bad);
  CHECK(kept[0].index == 1U);
  CHECK(kept[0].field == "event_type");
  CHECK(kept[0].reason == "unknown_value");
  CHECK(kept[0].source == "/batch-ingest");
  CHECK(kept[0].dialect == ingest::Dialect::change66);
  CHECK(kept[0].tenant == "default");
  CHECK(kept[1].raw == R"({"message": "no time"})");
  CHECK(kept[1].dialect == ingest::Dialect::cmdlog);
}

TEST_CASE("handlers: a body that is refused as a whole is one letter", "[handlers]") {
  Fixture f;
  const auto [body, code] = GENERATE(std::pair<std::string, std::string>{"{oops", "invalid_json"},
                                     std::pair<std::string, std::string>{"\"text\"", ""});
  CHECK(f.answer(kBatch, post(body)).status == 400);
  const std::vector<ingest::DeadLetter> kept = f.kept();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].raw == body);
  CHECK_FALSE(kept[0].index);
  CHECK(kept[0].reason == "malformed");
}

TEST_CASE("handlers: a batch that is only too large or empty leaves no letter", "[handlers]") {
  Fixture f;
  f.config.ingest.max_batch_records = 1;
  f.handlers.configure(std::make_shared<const ingest::Rules>(f.config));
  CHECK(f.answer(kBatch, post("[{},{}]")).status == 400);
  CHECK(f.answer(kBatch, post("[]")).status == 400);
  CHECK(f.kept().empty());
}
