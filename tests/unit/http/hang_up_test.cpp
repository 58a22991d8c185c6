// Clients that go away, or only end their side, while an answer is made for them; and those who do
// neither and must not be taken for gone.
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

const std::string kKey = "Authorization: Bearer static-secret\r\n";

// By way of the event loop, as a worker's answer comes.
asio::awaitable<void> a_moment() {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor, std::chrono::microseconds(50));
  const auto token = asio::as_tuple(asio::use_awaitable);
  co_await timer.async_wait(token);
}

// One piece.
class Piece final : public http::BodySource {
 public:
  asio::awaitable<void> open() override { co_await a_moment(); }
  asio::awaitable<std::optional<std::string>> next() override {
    if (std::exchange(sent_, true)) co_return std::nullopt;
    co_return std::string("piece");
  }
  void wind_down() noexcept override {}
  void abandon() noexcept override {}

 private:
  bool sent_ = false;
};

// `/quick`, `/piece` and `/wait` are for keys that read; `/wait` answers when its client has hung
// up.
struct ReadServer : TestServer {
  ReadServer() {
    http::Route quick;
    quick.method = http::Method::get;
    quick.path = "/quick";
    quick.surface = http::Surface::logs;
    quick.scope = auth::Scope::read;
    quick.label = "/quick";
    quick.handler = [](http::Request&) -> asio::awaitable<http::Response> {
      co_await a_moment();
      co_return http::text(200, "quick");
    };
    http::Route piece = quick;
    piece.path = "/piece";
    piece.label = "/piece";
    piece.handler = [](http::Request&) -> asio::awaitable<http::Response> {
      http::Response response;
      response.source = std::make_shared<Piece>();
      co_return response;
    };
    http::Route wait = quick;
    wait.path = "/wait";
    wait.label = "/wait";
    wait.handler = [this](http::Request& request) -> asio::awaitable<http::Response> {
      const asio::any_io_executor executor = co_await asio::this_coro::executor;
      asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
      request.on_hang_up = [this, &timer] {
        ++hung_up;
        timer.cancel();
      };
      ++waiting;
      const auto token = asio::as_tuple(asio::use_awaitable);
      co_await timer.async_wait(token);
      co_return http::text(200, "nobody reads this");
    };
    table = {quick, piece, wait};
  }
  ~ReadServer() { finish(); }

  std::atomic<int> waiting = 0;
  std::atomic<int> hung_up = 0;
};

}  // namespace

TEST_CASE("hang-up: who waits for many answers on several threads is not taken for gone",
          "[http]") {
  ReadServer server;
  server.config.server.io_threads = 3;
  server.config.ratelimit.enabled = false;
  server.start();
  Client client = server.connect();
  for (int i = 0; i < 3000; ++i) {
    INFO(i);
    REQUIRE(client.send(get("/quick", kKey)).reply().body == "quick");
    REQUIRE(client.send(get("/piece", kKey)).reply().status == 200);
    REQUIRE(client.receives("5\r\npiece\r\n0\r\n\r\n"));
  }
  // Sent ahead, so that bytes are there while an answer is made.
  for (int i = 0; i < 500; ++i) {
    INFO(i);
    client.send(get("/quick", kKey) + get("/quick", kKey));
    REQUIRE(client.reply().body == "quick");
    REQUIRE(client.reply().body == "quick");
  }
}

TEST_CASE("hang-up: the handler is told once, and the status is 499", "[http]") {
  ReadServer server;
  server.start();
  {
    Client client = server.connect();
    client.send(get("/wait", kKey));
    REQUIRE(eventually([&] { return server.waiting == 1; }));
  }
  REQUIRE(eventually([&] { return server.hung_up == 1; }));
  CHECK(server.counted("http_requests_total{endpoint=\"/wait\",method=\"GET\",status=\"499\"} 1"));
  server.await_connections(0);
  CHECK(server.hung_up == 1);
}

TEST_CASE("hang-up: one who only ends his side gets what is ready soon", "[http]") {
  ReadServer server;
  server.start();
  Client quick = server.connect();
  quick.send(get("/quick", kKey));
  ::shutdown(quick.fd(), SHUT_WR);
  CHECK(quick.reply().body == "quick");
  CHECK(quick.ended());
  // But nobody works on for one who may be gone.
  Client wait = server.connect();
  wait.send(get("/wait", kKey));
  ::shutdown(wait.fd(), SHUT_WR);
  CHECK(wait.ended());
  CHECK(server.hung_up == 1);
}
