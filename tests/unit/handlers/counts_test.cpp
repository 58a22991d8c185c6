#include "service/handlers/counts.h"

#include "service/handlers/logs.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"
#include "tests/support/fake_counts.h"
#include "tests/support/fake_store.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace logctl::handlers {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");

boost::asio::awaitable<void> run_inline(http::Request&, std::function<void()> work) {
  work();
  co_return;
}

using Call = CountHandlers::Answer (CountHandlers::*)(http::Request&);

http::Response finish(boost::asio::awaitable<http::Response> answer) {
  boost::asio::io_context io;
  http::Response response;
  std::exception_ptr error;
  auto done = [&](std::exception_ptr thrown, http::Response body) {
    error = thrown;
    response = std::move(body);
  };
  boost::asio::co_spawn(io, std::move(answer), done);
  io.run();
  if (error) std::rethrow_exception(error);
  return response;
}

struct Fixture {
  test::FakeCounts store;
  ManualClock clock{kNow};
  std::shared_ptr<const config::Config> config = std::make_shared<config::Config>();
  metrics::Observer observer{*config};
  CountHandlers handlers{store, config, clock, observer, run_inline};

  static http::Request request(query::Parameters parameters) {
    http::Request request;
    request.parameters = std::move(parameters);
    auth::Principal principal;
    principal.tenant = "acme";
    principal.only = {{query::Field::service, query::Op::equal, "api", {}}};
    request.principal = std::make_shared<auth::Principal>(principal);
    return request;
  }
  http::Response ask(Call call, query::Parameters parameters, std::string field = {}) {
    http::Request asked = request(std::move(parameters));
    if (!field.empty()) asked.path_arguments.push_back(std::move(field));
    return finish((handlers.*call)(asked));
  }
};

constexpr Call kCalls[] = {&CountHandlers::hits, &CountHandlers::facets, &CountHandlers::fields,
                           &CountHandlers::values, &CountHandlers::stats};

}  // namespace

TEST_CASE("counts: every call is bound to what its key may see", "[handlers]") {
  for (const Call call : kCalls) {
    Fixture f;
    f.store.groups_answer.clear();
    CHECK(f.ask(call, {{"api_key", "k"}, {"level", "warn"}}, "service").status == 200);
    REQUIRE(f.store.asked.size() == 1);
    CHECK(f.store.asked[0].tenant == "acme");
    REQUIRE(f.store.asked[0].filters.size() == 2);
    CHECK(f.store.asked[0].filters[0].value == "warn");
    CHECK(f.store.asked[0].filters[1].value == "api");
  }
}

TEST_CASE("counts: without a key there is no answer", "[handlers]") {
  for (const Call call : kCalls) {
    Fixture f;
    http::Request request;
    request.path_arguments = {"service"};
    CHECK_THROWS_AS(finish((f.handlers.*call)(request)), Error);
  }
}

TEST_CASE("counts: a bad parameter is answered with its name", "[handlers]") {
  for (const Call call : kCalls) {
    Fixture f;
    const http::Response response = f.ask(call, {{"levl", "x"}}, "service");
    CHECK(response.status == 400);
    CHECK(
        response.body ==
        R"({"error":"invalid_parameter","message":"levl: unknown parameter, did you mean level?",)"
        R"("details":[{"field":"levl","message":"unknown parameter, did you mean level?"}]})");
    CHECK(f.store.asked.empty());
  }
}

TEST_CASE("counts: hits answer in an envelope", "[handlers]") {
  Fixture f;
  f.store.groups_answer = {{kNow, {"INFO"}, 4}};
  const http::Response response =
      f.ask(&CountHandlers::hits, {{"step", "1m"}, {"group", "level"}, {"since", "1m"}});
  CHECK(response.status == 200);
  CHECK(
      response.body ==
      R"({"success":true,"message":"Counts over time","data":{"step":"1m","start":"2026-01-15T11:59:00Z",)"
      R"("end":"2026-01-15T12:01:00Z","total":4,"cut":false,"result":[{"metric":{"level":"INFO"},"total":4,)"
      R"("values":[[1768478340,0],[1768478400,4]]}]}})");
}

TEST_CASE("counts: the field of values comes from the path", "[handlers]") {
  Fixture f;
  f.store.values_answer = {{{"Bonn", 2}}, 1, 2};
  const http::Response response =
      f.ask(&CountHandlers::values, {{"prefix", "B"}}, "properties.city");
  CHECK(
      response.body ==
      R"({"success":true,"message":"The values of one field","data":{"field":"properties.city","rows":2,)"
      R"("distinct":1,"cut":false,"values":[{"value":"Bonn","count":2}]}})");
  CHECK(f.store.asked_values.subject.path == std::vector<std::string>{"city"});
  CHECK(f.store.asked_values.prefix == "B");
  CHECK(f.ask(&CountHandlers::values, {}, "nothing").status == 400);
}

// Whatever is asked, one record is found.
struct OneRecord final : test::FakeStore {
  storage::Page search(const query::Query&) override {
    storage::Page page;
    page.batch.records.emplace_back();
    return page;
  }
};

TEST_CASE("filter: a total that was not counted out says so", "[handlers]") {
  Fixture f;
  OneRecord records;
  LogHandlers logs(records, f.config, f.clock, f.observer, run_inline, &f.store);
  f.store.total_answer = {7, false};
  http::Request request = Fixture::request({{"page_size", "1"}});
  const std::string body = finish(logs.filter(request)).body;
  CHECK(body.find(R"("total_count":7)") != std::string::npos);
  CHECK(body.find(R"("total_is_estimate":true)") != std::string::npos);
  f.store.total_answer = {7, true};
  http::Request again = Fixture::request({{"page_size", "1"}});
  CHECK(finish(logs.filter(again)).body.find("estimate") == std::string::npos);
}

}  // namespace logctl::handlers
