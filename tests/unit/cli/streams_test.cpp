// Streams of a daemon, as the command line reads them.
#include "cli/run.h"
#include "cli/streams/rpc.h"
#include "cli/streams/wire_message.h"
#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/script_server.h"

#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::cli;

namespace {

struct Result {
  int status = 0;
  std::string out;
  std::string err;
};

Result run_with(std::vector<std::string> arguments, config::Environment environment = {}) {
  StringSink out;
  StringSink err;
  environment.emplace("STATE_DIRECTORY", "/nowhere");
  const Surroundings surroundings{
      .out = out, .err = err, .environment = std::move(environment), .clock = system_clock()};
  const int status = run(arguments, surroundings);
  return {status, out.text(), err.text()};
}

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string kToken = "ns_b3JkZXJz_" + std::string(64, 'a');  // of the namespace `orders`

}  // namespace

TEST_CASE("streams: an array is taken apart wherever it is cut", "[cli]") {
  const std::string text = R"( [ [1,"a,]\"[",{"x":[1,2]}] ,  {"y":"}"} , null , "z\\" , 12 ] )";
  const std::vector<std::string> expected = {R"([1,"a,]\"[",{"x":[1,2]}] )", R"({"y":"}"} )",
                                             "null ", "\"z\\\\\" ", "12 "};
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    ArrayElements array;
    std::vector<std::string> elements;
    const ArrayElements::Take take = [&](std::string_view element) {
      elements.emplace_back(element);
      return true;
    };
    for (std::size_t at = 0; at < text.size(); at += piece) {
      REQUIRE(array.feed(std::string_view(text).substr(at, piece), take));
    }
    CHECK(array.ended());
    CHECK(elements == expected);
  }
}

TEST_CASE("streams: an empty array, a cut one, and none", "[cli]") {
  const ArrayElements::Take none = [](std::string_view) -> bool { throw std::runtime_error("x"); };
  ArrayElements empty;
  CHECK(empty.feed("[ ]", none));
  CHECK(empty.ended());
  CHECK_FALSE(empty.feed("[", none));
  ArrayElements cut;
  const ArrayElements::Take any = [](std::string_view) { return true; };
  CHECK(cut.feed("[[1],[2", any));
  CHECK_FALSE(cut.ended());
  ArrayElements object;
  CHECK_FALSE(object.feed("{\"error\":1}", any));
  CHECK(object.broken());
}

TEST_CASE("streams: messages come back as they were sent", "[cli]") {
  WireMessages wire;
  storage::Message message;
  message.stream = "order-1";
  wire.read_of_stream(
      R"(["00000000-0000-4000-8000-000000000001","Placed",3,17,{"n":12345678901234567890123},null,"2026-01-15T10:30:00.5Z"])",
      message);
  CHECK(message.stream == "order-1");
  CHECK(message.type == "Placed");
  CHECK(message.position == 3);
  CHECK(message.global_position == 17);
  CHECK(message.data == R"({"n":12345678901234567890123})");
  CHECK(message.metadata.empty());
  wire.read_of_category(
      R"(["00000000-0000-4000-8000-000000000001","order-2","Placed",3,17,{ },{"a": 1},"2026-01-15T10:30:00Z"])",
      message);
  CHECK(message.stream == "order-2");
  CHECK(message.data == "{}");
  CHECK(message.metadata == R"({"a":1})");
  for (const char* const wrong : {"[]", "{}", "1", R"(["x","Placed",3,17,{},null])",
                                  R"(["x","Placed","3",17,{},null,"2026-01-15T10:30:00Z"])",
                                  R"(["x","Placed",3,17,{},null,"yesterday"])",
                                  R"(["x","Placed",3,17,[],null,"2026-01-15T10:30:00Z"])"}) {
    INFO(wrong);
    CHECK_THROWS_AS(wire.read_of_stream(wrong, message), Error);
  }
}

TEST_CASE("streams: refusals of a daemon become exit statuses", "[cli]") {
  struct Refusal {
    int http_status;
    std::string body;
    int status;
    std::string words;
  };
  for (
      const Refusal& refusal : {
          Refusal{
              409,
              R"({"error":{"code":"STREAM_VERSION_CONFLICT","message":"no","details":{"expected":5,"actual":2}}})",
              6, "expected version 5, found 2"},
          Refusal{404, R"({"error":{"code":"NAMESPACE_NOT_FOUND","message":"no such"}})", 5,
                  "no such"},
          Refusal{401, R"({"error":{"code":"AUTH_REQUIRED","message":"who are you"}})", 4,
                  "LOGCTL_TOKEN"},
          Refusal{403, R"({"error":{"code":"AUTH_UNAUTHORIZED","message":"not you"}})", 4,
                  "not you"},
          Refusal{400, R"({"error":{"code":"INVALID_REQUEST","message":"bad"}})", 1, "bad"},
          Refusal{503, "busy", 75, "status 503"},
      }) {
    test::ScriptServer server({{{answer(refusal.http_status, refusal.body)}}});
    const Result result = run_with({"streams", "write", "order-1", "Placed", "{}",
                                    "--expected-version", "5", "--url", server.url()},
                                   {{"LOGCTL_TOKEN", kToken}});
    INFO(result.err);
    CHECK(result.status == refusal.status);
    CHECK(result.err.find(refusal.words) != std::string::npos);
    CHECK(result.err.find(kToken) == std::string::npos);
    const std::string& request = server.finish().front();
    CHECK(request.find("Bearer " + kToken) != std::string::npos);
    CHECK(request.find("POST /rpc HTTP/1.1") == 0);
  }
}

TEST_CASE("streams: the token decides on the namespace", "[cli]") {
  const Result result = run_with(
      {"streams", "version", "order-1", "--namespace", "bills", "--url", "http://127.0.0.1:1"},
      {{"LOGCTL_TOKEN", kToken}});
  CHECK(result.status == 2);
  CHECK(result.err.find("--namespace is 'bills', but the token is for 'orders'") !=
        std::string::npos);
}

TEST_CASE("streams: an answer that breaks off is no shorter answer", "[cli]") {
  const std::string row =
      R"(["00000000-0000-4000-8000-000000000001","T",0,1,{},null,"2026-01-15T10:30:00Z"])";
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto chunk = [](const std::string& text) {
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", text.size());
    return size + text + "\r\n";
  };
  test::ScriptServer whole({{{head + chunk("[" + row) + chunk("]") + chunk("")}}});
  const Result good = run_with({"streams", "read", "a-1", "--url", whole.url(), "-o", "jsonl"}, {});
  CHECK(good.status == 0);
  CHECK(
      good.out ==
      R"({"stream":"a-1","position":0,"globalPosition":1,"type":"T","time":"2026-01-15T10:30:00Z","id":"00000000-0000-4000-8000-000000000001","data":{},"metadata":null})"
      "\n");
  test::ScriptServer cut({{{head + chunk("[" + row)}}});
  CHECK(run_with({"streams", "read", "a-1", "--url", cut.url()}, {}).status == 75);
  // Ended as it should, but not as an array does.
  test::ScriptServer short_array({{{head + chunk("[" + row) + chunk("")}}});
  CHECK(run_with({"streams", "read", "a-1", "--url", short_array.url()}, {}).status == 75);
}

TEST_CASE("namespaces: metadata of a daemon comes back with the digits it has", "[cli]") {
  const std::string metadata =
      R"({"n":12345678901234567890123,"u":18446744073709551616,"f":1.50,"e":1e400})";
  const std::string row =
      R"({"namespace":"orders","description":"d","createdAt":"2026-01-15T10:30:00Z","messageCount":7,)"
      R"("streamCount":2,"lastGlobalPosition":9,"lastActivity":null,"metadata":)" +
      metadata + "}";
  test::ScriptServer server({{{answer(200, row)}}});
  const Result result =
      run_with({"namespaces", "info", "orders", "--url", server.url(), "-o", "json"});
  INFO(result.err);
  CHECK(result.status == 0);
  CHECK(result.out.find("\"metadata\":" + metadata) != std::string::npos);
  CHECK(result.out.find(R"("messageCount":7,"streamCount":2,"lastGlobalPosition":9)") !=
        std::string::npos);

  test::ScriptServer list({{{answer(200, "[" + row + "]")}}});
  const Result rows = run_with({"namespaces", "list", "--url", list.url(), "-o", "jsonl"});
  CHECK(rows.status == 0);
  CHECK(rows.out.find(R"("namespace":"orders","messageCount":7)") != std::string::npos);

  for (const char* const strange : {"", "[]", "{}", R"({"namespace":"orders"})", "no JSON"}) {
    INFO(strange);
    test::ScriptServer other({{{answer(200, strange)}}});
    CHECK(run_with({"namespaces", "info", "orders", "--url", other.url()}).status == 75);
  }
}
