#include "service/handlers/logs.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/record_json.h"
#include "tests/support/catch.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::handlers {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");

LogRecord record_named(std::string_view event_id) {
  LogRecord record;
  record.timestamp = kNow - seconds(5);
  record.received_at = kNow;
  record.event_id = event_id;
  record.tenant = "acme";
  record.service = "api";
  record.level = Level::error;
  record.message = "it \"broke\"";
  record.user_id = "u-1";
  record.host = "h-1";
  record.properties = R"({"a":1})";
  return record;
}

// Answers what a test put in and keeps what it was asked.
class ScriptedStore final : public storage::LogStore {
 public:
  std::vector<std::string_view> rows;  // event ids that search and find answer with
  bool more = false;
  std::uint64_t total = 0;
  std::optional<Error> failure;

  std::vector<query::Query> searched, counted;
  std::string asked_tenant;
  std::vector<query::Filter> asked_only;
  RecordKey asked_key;
  Timestamp asked_now{};

  storage::Page search(const query::Query& query) override {
    if (failure) throw Error(*failure);
    searched.push_back(query);
    return page();
  }
  std::uint64_t count(const query::Query& query) override {
    counted.push_back(query);
    return total;
  }
  std::optional<storage::Page> find(const query::View& view, const RecordKey& key) override {
    asked_tenant = view.tenant;
    asked_only = view.only;
    asked_key = key;
    if (rows.empty()) return std::nullopt;
    return page();
  }
  storage::Statistics statistics(const query::View& view, Timestamp now) override {
    asked_tenant = view.tenant;
    asked_only = view.only;
    asked_now = now;
    storage::Statistics statistics;
    statistics.total_logs = 9;
    statistics.logs_last_hour = 3;
    statistics.logs_last_day = 7;
    statistics.active_sessions = 2;
    statistics.top_event_types = {{"error", 4}, {"telemetry", 3}};
    return statistics;
  }

  storage::AppendResult append(std::span<const LogRecord* const>, const storage::Origin&) override {
    return {};
  }
  void count(std::string_view, std::span<const storage::Count>) override {}
  storage::Balances balances() override { return {}; }
  storage::Audit audit(const AtCut&) override { return {}; }
  std::uint64_t position(std::string_view) override { return 0; }
  std::uint64_t total_rows() override { return total; }
  void maintain(Timestamp) override {}
  void ping() override {}

 private:
  storage::Page page() const {
    storage::Page page;
    for (const std::string_view id : rows) page.batch.records.push_back(record_named(id));
    if (more) page.next = query::Cursor{kNow - seconds(5), std::string(rows.back())};
    return page;
  }
};

boost::asio::awaitable<void> run_inline(http::Request&, std::function<void()> work) {
  work();
  co_return;
}

using Call = boost::asio::awaitable<http::Response> (LogHandlers::*)(http::Request&);

struct Fixture {
  ScriptedStore store;
  ManualClock clock{kNow};
  std::shared_ptr<const config::Config> config = std::make_shared<config::Config>();
  metrics::Observer observer{*config};
  LogHandlers handlers{store, config, clock, observer, run_inline};

  http::Response ask(Call call, query::Parameters parameters, std::string id = {}) {
    http::Request request;
    request.parameters = std::move(parameters);
    if (!id.empty()) request.path_arguments.push_back(std::move(id));
    auth::Principal principal;
    principal.tenant = "acme";
    request.principal = std::make_shared<auth::Principal>(principal);
    return run(call, request);
  }

  http::Response run(Call call, http::Request& request) {
    boost::asio::io_context io;
    http::Response response;
    std::exception_ptr error;
    auto done = [&](std::exception_ptr thrown, http::Response answer) {
      error = thrown;
      response = std::move(answer);
    };
    boost::asio::co_spawn(io, (handlers.*call)(request), done);
    io.run();
    if (error) std::rethrow_exception(error);
    return response;
  }
};

std::string json_of(std::string_view event_id) {
  std::string out;
  query::append_record(out, record_named(event_id));
  return out;
}

const std::string kCursor = query::format_cursor({kNow - seconds(5), "e-2"});

TEST_CASE("logs: recent answers the newest fifty of the key's tenant", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1", "e-2"};
  const http::Response response = f.ask(&LogHandlers::recent, {});
  CHECK(response.status == 200);
  CHECK(response.body == R"({"success":true,"message":"Retrieved 2 recent logs","data":[)" +
                             json_of("e-1") + "," + json_of("e-2") + "]}");
  REQUIRE(f.store.searched.size() == 1);
  CHECK(f.store.searched[0].tenant == "acme");
  CHECK(f.store.searched[0].limit == 50);
  CHECK(f.store.searched[0].order == query::Order::descending);
}

TEST_CASE("logs: recent goes on from its cursor", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1", "e-2"};
  f.store.more = true;
  const http::Response first = f.ask(&LogHandlers::recent, {{"limit", "2"}});
  CHECK(first.body.ends_with(R"(],"next_cursor":")" + kCursor + "\"}"));
  f.store.rows.clear();
  f.store.more = false;
  const http::Response next = f.ask(&LogHandlers::recent, {{"limit", "2"}, {"cursor", kCursor}});
  CHECK(next.body == R"({"success":true,"message":"Retrieved 0 recent logs","data":[]})");
  REQUIRE(f.store.searched.back().after);
  CHECK(f.store.searched.back().after->event_id == "e-2");
}

TEST_CASE("logs: filter counts and pages as Change66 does", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1"};
  f.store.total = 41;
  const http::Response response =
      f.ask(&LogHandlers::filter, {{"page", "3"}, {"page_size", "20"}, {"user_id", "' OR 1=1"}});
  CHECK(response.body ==
        R"x({"success":true,"message":"Retrieved 1 log (page 3 of 3, 41 in total)",)x"
        R"("data":{"logs":[)" +
            json_of("e-1") + R"(],"total_count":41,"page":3,"page_size":20,"total_pages":3}})");
  REQUIRE(f.store.searched.size() == 1);
  CHECK(f.store.searched[0].offset == 40);
  CHECK(f.store.searched[0].filters.at(0).value == "' OR 1=1");
  REQUIRE(f.store.counted.size() == 1);
  CHECK(f.store.counted[0].tenant == "acme");
}

TEST_CASE("logs: filter without rows answers null, as Change66 does", "[handlers]") {
  Fixture f;
  CHECK(f.ask(&LogHandlers::filter, {}).body ==
        R"x({"success":true,"message":"Retrieved 0 logs (page 1 of 0, 0 in total)",)x"
        R"("data":{"logs":null,"total_count":0,"page":1,"page_size":50,"total_pages":0}})");
}

TEST_CASE("logs: filter by cursor neither counts nor skips", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1", "e-2"};
  f.store.more = true;
  const http::Response response = f.ask(&LogHandlers::filter, {{"cursor", ""}, {"limit", "2"}});
  CHECK(response.body == R"({"success":true,"message":"Retrieved 2 logs","data":{"logs":[)" +
                             json_of("e-1") + "," + json_of("e-2") +
                             R"(],"page_size":2,"next_cursor":")" + kCursor +
                             R"("},"next_cursor":")" + kCursor + "\"}");
  CHECK(f.store.counted.empty());
  CHECK(f.store.searched.at(0).offset == 0);
}

TEST_CASE("logs: an order other than time has no cursor", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1"};
  f.store.more = true;
  const http::Response response = f.ask(&LogHandlers::filter, {{"sort_by", "user_id"}});
  CHECK(response.body.find("next_cursor") == std::string::npos);
}

TEST_CASE("logs: a bad parameter is answered with its name and the rule", "[handlers]") {
  struct Case {
    Call call;
    std::string parameter, value, name, problem;
  };
  const Case cases[] = {
      {&LogHandlers::filter, "priority", "urgent", "invalid_priority",
       "expected one of normal, high, found `urgent`"},
      {&LogHandlers::filter, "end_time", "noon", "invalid_end_time",
       "expected an RFC 3339 time such as 2026-01-15T10:30:00Z, found `noon`"},
      {&LogHandlers::filter, "evnt_type", "error", "invalid_parameter",
       "unknown parameter, did you mean event_type?"},
      {&LogHandlers::recent, "limit", "0", "invalid_parameter",
       "expected a whole number from 1 to 1000, found `0`"},
      {&LogHandlers::recent, "limits", "1", "invalid_parameter",
       "unknown parameter, did you mean limit?"},
      {&LogHandlers::recent, "service", "api", "invalid_parameter",
       "unknown parameter; known are limit, cursor"},
      {&LogHandlers::list, "limit", "101", "invalid_parameter",
       "expected a whole number from 1 to 100, found `101`"},
      {&LogHandlers::list, "offset", "-1", "invalid_parameter",
       "expected a whole number from 0 to 9223372036854775807, found `-1`"},
      {&LogHandlers::list, "offset", "9223372036854775808", "invalid_parameter",
       "expected a whole number from 0 to 9223372036854775807, found `9223372036854775808`"},
      {&LogHandlers::statistics, "x", "1", "invalid_parameter",
       "unknown parameter; this call takes none"},
  };
  for (const Case& c : cases) {
    Fixture f;
    const http::Response response = f.ask(c.call, {{c.parameter, c.value}});
    CHECK(response.status == 400);
    CHECK(response.body == R"({"error":")" + c.name + R"(","message":")" + c.parameter + ": " +
                               c.problem + R"(","details":[{"field":")" + c.parameter +
                               R"(","message":")" + c.problem + R"("}]})");
    CHECK(f.store.searched.empty());
  }
}

TEST_CASE("logs: a key in the URL is no question", "[handlers]") {
  Fixture f;
  for (const Call call :
       {&LogHandlers::recent, &LogHandlers::filter, &LogHandlers::list, &LogHandlers::statistics}) {
    CHECK(f.ask(call, {{"api_key", "lk_x"}, {"token", "y"}}).status == 200);
  }
}

TEST_CASE("logs: list has the Log Aggregator's envelope and record", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1"};
  const http::Response response = f.ask(&LogHandlers::list, {{"offset", "20"}, {"user_id", "u-1"}});
  CHECK(response.body ==
        R"({"success":true,"data":[{"id":")" + format_record_id(kNow - seconds(5), "e-1") +
            R"(","organization_id":"acme","user_id":"u-1","timestamp":"2026-01-15T11:59:55Z",)"
            R"("host":"h-1","message":"it \"broke\"","level":"ERROR","metadata":"{\"a\":1}",)"
            R"("application":"api"}],"meta":{"limit":10,"offset":20}})");
  REQUIRE(f.store.searched.size() == 1);
  CHECK(f.store.searched[0].limit == 10);
  CHECK(f.store.searched[0].offset == 20);
  CHECK(f.store.searched[0].filters.at(0).field == query::Field::user_id);
}

TEST_CASE("logs: a record is found by its public id, within the tenant", "[handlers]") {
  Fixture f;
  f.store.rows = {"e-1"};
  const http::Response response =
      f.ask(&LogHandlers::record, {}, format_record_id(kNow - seconds(5), "e-1"));
  CHECK(response.status == 200);
  CHECK(response.body == R"({"success":true,"data":)" + json_of("e-1") + "}");
  CHECK(f.store.asked_tenant == "acme");
  CHECK(f.store.asked_key.event_id == "e-1");
  CHECK(f.store.asked_key.timestamp == kNow - seconds(5));
}

TEST_CASE("logs: an id of nothing is not found, whether it can be read or not", "[handlers]") {
  Fixture f;
  const std::string ids[] = {"42", "no id!", format_record_id(kNow, "gone"),
                             format_record_id(kNow, "\xff")};
  for (const std::string& id : ids) {
    CAPTURE(id);
    try {
      f.ask(&LogHandlers::record, {}, id);
      FAIL("was found");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::not_found);
      CHECK(error.message() == "there is no record with the id `" + id + "`");
    }
  }
}

TEST_CASE("logs: statistics have Change66's names", "[handlers]") {
  Fixture f;
  const http::Response response = f.ask(&LogHandlers::statistics, {});
  CHECK(response.body.starts_with(
      R"({"success":true,"message":"Metrics retrieved","data":{"total_logs":9,)"
      R"("logs_last_hour":3,"logs_last_day":7,"average_latency_ms":)"));
  CHECK(response.body.ends_with(
      R"("active_sessions":2,"top_event_types":[{"event_type":"error","count":4},)"
      R"({"event_type":"telemetry","count":3}]}})"));
  CHECK(response.body.find(R"(,"error_rate_percent":)") != std::string::npos);
  CHECK(f.store.asked_tenant == "acme");
  CHECK(f.store.asked_now == kNow);
}

TEST_CASE("logs: every way to read is bound to what the key may see", "[handlers]") {
  const query::Filter rule{query::Field::service, query::Op::equal, "payments", {}};
  const auto is_rule = [&](const query::Filter& filter) {
    return filter.field == rule.field && filter.op == rule.op && filter.value == rule.value;
  };
  const auto asked = [&](Call call, query::Parameters parameters, std::string id = {}) {
    auto f = std::make_unique<Fixture>();
    f->store.rows = {"e-1"};
    http::Request request;
    request.parameters = std::move(parameters);
    if (!id.empty()) request.path_arguments.push_back(std::move(id));
    auth::Principal principal;
    principal.tenant = "acme";
    principal.only = {rule};
    request.principal = std::make_shared<auth::Principal>(principal);
    CHECK(f->run(call, request).status == 200);
    return f;
  };
  const auto bound = [&](const std::vector<query::Query>& queries) {
    REQUIRE_FALSE(queries.empty());
    for (const query::Query& query : queries) {
      CHECK(query.tenant == "acme");
      CHECK(std::count_if(query.filters.begin(), query.filters.end(), is_rule) == 1);
    }
  };
  bound(asked(&LogHandlers::recent, {})->store.searched);
  bound(asked(&LogHandlers::list, {{"user_id", "u"}})->store.searched);
  bound(asked(&LogHandlers::filter, {{"cursor", ""}})->store.searched);
  const auto filtered = asked(&LogHandlers::filter, {{"service", "shop"}});
  bound(filtered->store.searched);
  bound(filtered->store.counted);
  CHECK(filtered->store.searched[0].filters.size() == 2);
  const auto found = asked(&LogHandlers::record, {}, kCursor);
  REQUIRE(found->store.asked_only.size() == 1);
  CHECK(is_rule(found->store.asked_only[0]));
  const auto counted = asked(&LogHandlers::statistics, {});
  REQUIRE(counted->store.asked_only.size() == 1);
  CHECK(is_rule(counted->store.asked_only[0]));
}

TEST_CASE("logs: a failing store is told to the observer and thrown on", "[handlers]") {
  Fixture f;
  f.store.failure = Error(ErrorCode::unavailable, "the server went away");
  try {
    f.ask(&LogHandlers::filter, {});
    FAIL("was answered");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unavailable);
  }
  CHECK(f.observer.scrape().find("database_errors_total{operation=\"query\"} 1") !=
        std::string::npos);
}

TEST_CASE("logs: a question that the store declines is no failure of the store", "[handlers]") {
  Fixture f;
  f.store.failure = Error(ErrorCode::validation_error, "the page lies too deep");
  CHECK_THROWS_AS(f.ask(&LogHandlers::filter, {}), Error);
  CHECK(f.observer.scrape().find("operation=\"query\"") == std::string::npos);
}

TEST_CASE("logs: a request without a key is refused even when the route did not ask",
          "[handlers]") {
  Fixture f;
  http::Request request;
  request.path_arguments.push_back("x");
  for (const Call call : {&LogHandlers::recent, &LogHandlers::filter, &LogHandlers::list,
                          &LogHandlers::record, &LogHandlers::statistics}) {
    try {
      f.run(call, request);
      FAIL("was answered");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::unauthorized);
    }
  }
}

}  // namespace
}  // namespace logctl::handlers
