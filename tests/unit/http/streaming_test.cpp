// Answers that are made while they are sent: framing, ends, slow and vanished clients, the stop.
#include "service/http/body_source.h"
#include "tests/unit/http/server_fixture.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

namespace asio = boost::asio;

// What the sources of one test have seen.
struct Seen {
  std::atomic<int> pieces = 0;
  std::atomic<int> abandoned = 0;
  std::atomic<int> wound_down = 0;
  std::atomic<int> gone = 0;  // destroyed
};

struct Plan {
  std::vector<std::string> pieces;
  std::string then = "end";  // end, throw, incomplete, wait, forever, refuse
  microseconds patience = microseconds(0);
};

class TestSource final : public http::BodySource {
 public:
  TestSource(Seen& seen, Plan plan) : seen_(seen), plan_(std::move(plan)) {}
  ~TestSource() override { ++seen_.gone; }

  asio::awaitable<void> open() override {
    if (plan_.then == "refuse") throw Error(ErrorCode::overloaded, "too many", "later");
    co_return;
  }
  asio::awaitable<std::optional<std::string>> next() override {
    if (next_ < plan_.pieces.size()) {
      ++seen_.pieces;
      co_return plan_.pieces[next_++];
    }
    if (plan_.then == "forever") {
      ++seen_.pieces;
      co_return std::string(64 * 1024, 'x');
    }
    if (plan_.then == "throw") throw std::runtime_error("broke in the middle");
    if (plan_.then == "wait") {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
      timer_ = &timer;
      const auto token = asio::as_tuple(asio::use_awaitable);
      if (!ended_) co_await timer.async_wait(token);
      timer_ = nullptr;
      if (seen_.wound_down > 0 && !said_) {
        said_ = true;
        co_return std::string("the end\n");
      }
    }
    co_return std::nullopt;
  }
  bool complete() const override { return plan_.then != "incomplete"; }
  microseconds patience() const override { return plan_.patience; }
  void wind_down() noexcept override {
    ++seen_.wound_down;
    end();
  }
  void abandon() noexcept override {
    ++seen_.abandoned;
    end();
  }

 private:
  void end() {
    ended_ = true;
    if (timer_ != nullptr) timer_->cancel();
  }

  Seen& seen_;
  const Plan plan_;
  std::size_t next_ = 0;
  asio::steady_timer* timer_ = nullptr;
  bool ended_ = false;
  bool said_ = false;
};

struct StreamServer : TestServer {
  explicit StreamServer(Plan plan) {
    http::Route route;
    route.method = http::Method::get;
    route.path = "/stream";
    route.scope = auth::Scope::none;
    route.label = "/stream";
    route.handler = [this, plan](http::Request&) -> asio::awaitable<http::Response> {
      http::Response response;
      response.content_type = "application/x-ndjson";
      response.source = std::make_shared<TestSource>(seen, plan);
      co_return response;
    };
    http::Route other;
    other.method = http::Method::get;
    other.path = "/other";
    other.scope = auth::Scope::none;
    other.label = "/other";
    other.handler = [](http::Request&) -> asio::awaitable<http::Response> {
      co_return http::text(200, "other");
    };
    table = {route, other};
  }
  ~StreamServer() { finish(); }  // while what its handlers use is there
  Seen seen;
};

const std::string kStream = get("/stream");

}  // namespace

TEST_CASE("streaming: pieces are chunks, and the connection goes on behind them", "[http]") {
  StreamServer server({{"one\n", "", "two and more\n"}});
  server.start();
  Client client = server.connect();
  for (int round = 0; round < 3; ++round) {
    const Reply head = client.send(kStream).reply();
    CHECK(head.status == 200);
    CHECK(head.header("Transfer-Encoding") == "chunked");
    CHECK(head.header("Content-Length").empty());
    CHECK(head.header("Content-Type") == "application/x-ndjson");
    CHECK(client.receives("4\r\none\n\r\nd\r\ntwo and more\n\r\n0\r\n\r\n"));
  }
  CHECK(client.send(get("/other")).reply().body == "other");
  CHECK(
      server.counted("http_requests_total{endpoint=\"/stream\",method=\"GET\",status=\"200\"} 3"));
  CHECK(server.seen.gone == 3);
  CHECK(server.seen.abandoned == 0);
}

TEST_CASE("streaming: a request that was sent ahead is answered behind the body", "[http]") {
  StreamServer server({{"one\n"}});
  server.start();
  Client client = server.connect();
  client.send(kStream + get("/other"));
  CHECK(client.reply().status == 200);
  CHECK(client.receives("4\r\none\n\r\n0\r\n\r\n"));
  CHECK(client.reply().body == "other");
}

TEST_CASE("streaming: HTTP/1.0 gets the bytes as they are, up to the end of the connection",
          "[http]") {
  StreamServer server({{"one\n", "two\n"}});
  server.start();
  Client client = server.connect();
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const Reply head = client.reply();
  CHECK(head.header("Transfer-Encoding").empty());
  CHECK(head.header("Connection") == "close");
  CHECK(client.receives("one\ntwo\n"));
  CHECK(client.ended());
}

TEST_CASE("streaming: HEAD gets the head, and nothing is made", "[http]") {
  StreamServer server({{"one\n"}, "forever"});
  server.start();
  Client client = server.connect();
  const Reply head = client.send("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n").reply(true);
  CHECK(head.status == 200);
  CHECK(head.header("Transfer-Encoding") == "chunked");
  CHECK(client.send(get("/other")).reply().body == "other");
  CHECK(server.seen.pieces == 0);
}

TEST_CASE("streaming: an answer that breaks has no last chunk", "[http]") {
  for (const char* how : {"throw", "incomplete"}) {
    INFO(how);
    StreamServer server({{"one\n"}, how});
    server.start();
    Client client = server.connect();
    client.send(kStream);
    CHECK(client.reply().status == 200);
    CHECK(client.receives("4\r\none\n\r\n"));
    CHECK(client.ended());
  }
}

TEST_CASE("streaming: what fails before the head is an answer of its own", "[http]") {
  StreamServer server({{"one\n"}, "refuse"});
  server.start();
  Client client = server.connect();
  const Reply reply = client.send(kStream).reply();
  CHECK(reply.status == 503);
  CHECK(reply.header("Retry-After") == "1");
  CHECK(reply.body == R"({"error":"overloaded","message":"too many","hint":"later"})");
  CHECK(client.send(get("/other")).reply().body == "other");
}

TEST_CASE("streaming: a client that only reads is noticed when it hangs up", "[http]") {
  StreamServer server({{"one\n"}, "wait"});
  server.start();
  {
    Client client = server.connect();
    client.send(kStream);
    CHECK(client.reply().status == 200);
    CHECK(client.receives("4\r\none\n\r\n"));
  }
  CHECK(eventually([&] { return server.seen.gone == 1; }));
  CHECK(server.seen.abandoned > 0);
  CHECK(
      server.counted("http_requests_total{endpoint=\"/stream\",method=\"GET\",status=\"499\"} 1"));
  server.await_connections(0);
}

TEST_CASE("streaming: a client that stops to read is waited for, then cut", "[http]") {
  StreamServer server({{}, "forever"});
  server.config.server.write_timeout = std::chrono::milliseconds(300);
  server.start();
  Client client(server.port(), 4096);
  client.send(kStream);
  CHECK(eventually([&] { return server.seen.gone == 1; }));
  server.await_connections(0);
  // Nobody asked for more than the sockets took: some MiB at most, not what 20 s could make.
  CHECK(server.seen.pieces < 1000);
}

TEST_CASE("streaming: a source may be more patient with its client, but not at the stop",
          "[http]") {
  StreamServer server({{}, "forever", std::chrono::hours(1)});
  server.config.server.write_timeout = std::chrono::milliseconds(100);
  server.start();
  Client client(server.port(), 4096);
  client.send(kStream);
  // It waits for the client when no more pieces are asked for, for many times the usual limit.
  int pieces = -1;
  CHECK(eventually([&] {
    const int before = std::exchange(pieces, server.seen.pieces.load());
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    return pieces > 0 && pieces == before;
  }));
  CHECK(server.seen.gone == 0);
  server.stop(std::chrono::minutes(5));
  CHECK(eventually([&] { return server.seen.gone == 1; }));
  server.await_stopped();
}

TEST_CASE("streaming: the stop ends them with their last words", "[http]") {
  StreamServer server({{"one\n"}, "wait"});
  server.start();
  Client client = server.connect();
  client.send(kStream);
  CHECK(client.reply().status == 200);
  CHECK(client.receives("4\r\none\n\r\n"));
  server.stop(std::chrono::seconds(20));
  CHECK(client.receives("8\r\nthe end\n\r\n0\r\n\r\n"));
  server.await_stopped();
  CHECK(server.seen.wound_down == 1);
}

TEST_CASE("streaming: one that does not end is cut at the deadline of the stop", "[http]") {
  StreamServer server({{}, "forever"});
  server.start();
  Client client(server.port(), 4096);
  client.send(kStream);
  CHECK(eventually([&] { return server.seen.pieces > 0; }));
  server.stop(std::chrono::milliseconds(200));
  server.await_stopped();
  CHECK(server.seen.abandoned > 0);
}
