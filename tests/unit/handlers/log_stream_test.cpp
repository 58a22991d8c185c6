// How an answer of /logs/query ends when something goes wrong in the middle of it.
#include "service/handlers/log_stream.h"

#include "tests/support/fake_store.h"
#include "tests/unit/http/server_fixture.h"

#include <algorithm>
#include <atomic>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

constexpr std::int64_t kStart = 1'768'000'000'000'000;

// Endless records, page by page, until a page fails.
class PagedStore final : public FakeStore {
 public:
  storage::Page search(const query::Query& query) override {
    if (++calls == failing_call) throw Error(ErrorCode::timeout, "the statement took too long");
    if (calls == waiting_call) {
      while (!Cancellation::requested()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      ++cancelled;
      Cancellation::check();
    }
    storage::Page page;
    const std::int64_t from = query.after ? to_micros(query.after->timestamp) : kStart;
    for (std::uint32_t i = 1; i <= query.limit; ++i) {
      LogRecord& record = page.batch.records.emplace_back();
      record.timestamp = from_micros(from - i);
      record.event_id = "e";
    }
    page.next = query::Cursor{page.batch.records.back().timestamp, "e"};
    return page;
  }
  std::atomic<int> calls = 0;
  std::atomic<int> cancelled = 0;
  int failing_call = 0;
  int waiting_call = 0;
};

struct QueryServer : TestServer {
  ~QueryServer() { finish(); }  // while what its handlers use is there
  void begin() {
    handlers.emplace(store, work, std::make_shared<const config::Config>(config), system_clock(),
                     events);
    http::Route route;
    route.method = http::Method::get;
    route.path = "/query";
    route.surface = http::Surface::logs;
    route.scope = auth::Scope::read;
    route.label = "/query";
    route.handler = [this](http::Request& request) { return handlers->query(request); };
    table = {route};
    start();
  }
  PagedStore store;
  HeavyWork work{1, 2};
  metrics::Observer events{[] {
    config::Config quiet;
    quiet.log.level = "error";
    return quiet;
  }()};
  std::optional<handlers::LogStreamHandlers> handlers;
};

std::string ask(std::string_view parameters) {
  return get("/query" + std::string(parameters), "X-API-Key: static-secret\r\n");
}

// The bodies of all chunks up to the end of the answer or the connection.
struct Body {
  std::string text;
  bool whole = false;
};
Body read_body(Client& client) {
  Body body;
  std::string raw;
  char buffer[65536];
  while (true) {
    const std::size_t line = raw.find("\r\n");
    if (line != std::string::npos) {
      const std::size_t size = std::stoul(raw.substr(0, line), nullptr, 16);
      if (raw.size() >= line + 4 + size) {
        body.text += raw.substr(line + 2, size);
        raw.erase(0, line + 4 + size);
        if (size == 0) body.whole = true;
        if (size == 0) return body;
        continue;
      }
    }
    pollfd waiting{client.fd(), POLLIN, 0};
    REQUIRE(::poll(&waiting, 1, kPatienceMs) == 1);
    const ssize_t n = ::recv(client.fd(), buffer, sizeof(buffer), 0);
    if (n <= 0) return body;
    raw.append(buffer, static_cast<std::size_t>(n));
  }
}
std::string last_line(const std::string& text) {
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}
// Everything behind the head, which is one write of its own.
Body exchange(Client& client, std::string_view parameters) {
  client.send(ask(parameters));
  std::string head;
  char c = 0;
  while (!head.ends_with("\r\n\r\n") && ::recv(client.fd(), &c, 1, 0) == 1) head += c;
  REQUIRE(head.starts_with("HTTP/1.1 200 "));
  return read_body(client);
}

}  // namespace

TEST_CASE("query stream: a limit ends it with the place to go on from", "[handlers]") {
  QueryServer server;
  server.begin();
  Client client = server.connect();
  const Body body = exchange(client, "?limit=1500");
  CHECK(body.whole);
  CHECK(std::count(body.text.begin(), body.text.end(), '\n') == 1501);
  CHECK(last_line(body.text) == R"({"end":"limit","records":1500,"next_cursor":")" +
                                    query::format_cursor({from_micros(kStart - 1500), "e"}) +
                                    "\"}\n");
  CHECK(server.store.calls == 3);  // 100, 1000 and the rest
}

TEST_CASE("query stream: a store that fails in the middle is told, and the answer breaks off",
          "[handlers]") {
  QueryServer server;
  server.store.failing_call = 3;
  server.begin();
  Client client = server.connect();
  const Body body = exchange(client, "");
  CHECK_FALSE(body.whole);
  CHECK(last_line(body.text) ==
        R"({"error":"timeout","message":"the statement took too long","records":1100,)"
        R"("next_cursor":")" +
            query::format_cursor({from_micros(kStart - 1100), "e"}) + "\"}\n");
}

TEST_CASE("query stream: a store that fails at once is an error like any other", "[handlers]") {
  QueryServer server;
  server.store.failing_call = 1;
  server.begin();
  const Reply reply = server.connect().send(ask("")).reply();
  CHECK(reply.status == 504);
  CHECK(reply.body.find("the statement took too long") != std::string::npos);
}

TEST_CASE("query stream: who hangs up cancels what runs for him and frees his place",
          "[handlers]") {
  QueryServer server;
  server.store.waiting_call = 1;
  server.begin();
  {
    Client client = server.connect();
    client.send(ask(""));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (server.store.calls == 0 && std::chrono::steady_clock::now() < end) {
      std::this_thread::yield();
    }
  }
  server.await_connections(0);
  CHECK(server.store.cancelled == 1);
  const auto one = server.work.enter();
  const auto two = server.work.enter();
  CHECK_THROWS_AS(server.work.enter(), Error);
}

TEST_CASE("query stream: the stop breaks it off behind a page, with its reason", "[handlers]") {
  QueryServer server;
  server.begin();
  Client client = server.connect();
  client.send(ask(""));
  std::string head;
  char c = 0;
  while (!head.ends_with("\r\n\r\n") && ::recv(client.fd(), &c, 1, 0) == 1) head += c;
  server.stop(std::chrono::seconds(20));
  const Body body = read_body(client);
  CHECK_FALSE(body.whole);
  CHECK(last_line(body.text).starts_with(
      R"({"error":"unavailable","message":"the server is stopping","hint":"go on from next_cursor",)"));
  server.await_stopped();
}
