// Bodies that a handler reads while they arrive: framing, compression, back-pressure, ends.
#include "service/http/body_reader.h"

#include "service/http/body_source.h"
#include "shared/base/compression.h"
#include "tests/support/eventually.h"
#include "tests/unit/http/server_fixture.h"

#include <fmt/format.h>

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

namespace asio = boost::asio;

// Answers each piece with its size, or reads so many pieces only.
class Echo final : public http::BodySource {
 public:
  Echo(http::BodyReader* body, std::size_t most, bool waits, std::atomic<std::uint64_t>& seen)
      : body_(body), most_(most), waits_(waits), seen_(seen) {}

  asio::awaitable<void> open() override {
    if (waits_) first_ = co_await body_->next();
  }

  asio::awaitable<std::optional<std::string>> next() override {
    if (body_ == nullptr || pieces_ == most_ || ended_) co_return end();
    std::optional<std::string> piece;
    std::optional<Error> failure;
    try {
      if (first_) {
        piece = std::exchange(first_, std::nullopt);
      } else {
        piece = co_await body_->next();
      }
    } catch (const Error& error) {
      failure = error;
    }
    if (failure) {
      ended_ = true;
      co_return "error: " + failure->message();
    }
    if (!piece) co_return end();
    ++pieces_;
    seen_ += piece->size();
    if (piece->size() > largest_) largest_ = piece->size();
    text_ += piece->substr(0, 20);
    co_return std::string();
  }
  void wind_down() noexcept override {}
  void abandon() noexcept override {}

 private:
  std::optional<std::string> end() {
    if (std::exchange(told_, true)) return std::nullopt;
    return fmt::format("[{}|{}]", text_.substr(0, 40), largest_ <= 128 * 1024 ? "flat" : "large");
  }

  http::BodyReader* const body_;
  const std::size_t most_;
  const bool waits_;
  std::optional<std::string> first_;
  std::atomic<std::uint64_t>& seen_;
  std::size_t pieces_ = 0;
  std::size_t largest_ = 0;
  std::string text_;
  bool told_ = false;
  bool ended_ = false;
};

struct ReadingServer : TestServer {
  explicit ReadingServer(std::size_t most = 1'000'000, bool waits = false) {
    http::Route route;
    route.method = http::Method::post;
    route.path = "/take";
    route.scope = auth::Scope::none;
    route.label = "/take";
    route.reads_body = true;
    route.handler = [this, most, waits](http::Request& request) -> asio::awaitable<http::Response> {
      http::Response response;
      response.source = std::make_shared<Echo>(request.body_reader, most, waits, seen);
      co_return response;
    };
    table = {route};
  }
  ~ReadingServer() { finish(); }
  std::atomic<std::uint64_t> seen = 0;
};

std::string head(const std::string& more) {
  return "POST /take HTTP/1.1\r\nHost: h\r\n" + more + "\r\n";
}

std::string framed(const std::string& text) {
  return fmt::format("{:x}\r\n{}\r\n", text.size(), text);
}

}  // namespace

TEST_CASE("body reader: a body of any length, and the next request behind it", "[http]") {
  ReadingServer server;
  server.start();
  Client client = server.connect();
  const std::string body(3'000'000, 'b');
  for (int round = 0; round < 2; ++round) {
    client.send(head(fmt::format("Content-Length: {}\r\n", body.size())) + body);
    CHECK(client.reply().status == 200);
    CHECK(client.receives(framed("[" + std::string(40, 'b') + "|flat]") + "0\r\n\r\n"));
  }
  CHECK(server.seen == 2 * body.size());
}

TEST_CASE("body reader: chunks, as they are sent", "[http]") {
  ReadingServer server;
  server.start();
  Client client = server.connect();
  client.send(head("Transfer-Encoding: chunked\r\n") + framed("one,"));
  CHECK(eventually([&] { return server.seen == 4; }));
  client.send(framed("two,"));
  CHECK(eventually([&] { return server.seen == 8; }));
  client.send(framed("three") + "0\r\n\r\n");
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("[one,two,three|flat]") + "0\r\n\r\n"));
  client.send(head("Content-Length: 0\r\n"));
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("[|flat]") + "0\r\n\r\n"));
}

TEST_CASE("body reader: compressed bodies, and ones that end in the middle", "[http]") {
  ReadingServer server;
  server.start();
  const std::string text(5'000'000, 'z');
  const std::string packed = zstd_compress(text);
  Client client = server.connect();
  client.send(head(fmt::format("Content-Encoding: zstd\r\nContent-Length: {}\r\n", packed.size())) +
              packed);
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("[" + std::string(40, 'z') + "|flat]") + "0\r\n\r\n"));
  CHECK(server.seen == text.size());
  const std::string half = packed.substr(0, packed.size() - 5);
  client.send(head(fmt::format("Content-Encoding: zstd\r\nContent-Length: {}\r\n", half.size())) +
              half);
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("error: the compressed body ends in the middle")));
  Client other = server.connect();
  CHECK(other.send(head("Content-Encoding: br\r\nContent-Length: 1\r\n") + "x").reply().status ==
        415);
}

TEST_CASE("body reader: who asks before sending is told to go on, if he is not answered first",
          "[http]") {
  SECTION("the head waits for the body") {
    ReadingServer server(1'000'000, true);
    server.start();
    Client client = server.connect();
    client.send(head("Expect: 100-continue\r\nContent-Length: 3\r\n"));
    CHECK(client.receives("HTTP/1.1 100 Continue\r\n\r\n"));
    CHECK(client.send("abc").reply().status == 200);
    CHECK(client.receives(framed("[abc|flat]") + "0\r\n\r\n"));
  }
  SECTION("the head comes first") {
    ReadingServer server;
    server.start();
    Client client = server.connect();
    client.send(head("Expect: 100-continue\r\nContent-Length: 3\r\n"));
    CHECK(client.reply().status == 200);
    client.send("abc");
    CHECK(client.receives(framed("[abc|flat]") + "0\r\n\r\n"));
  }
}

TEST_CASE("body reader: a rest that nobody reads ends the connection behind the answer", "[http]") {
  ReadingServer server(1);
  server.start();
  Client client = server.connect();
  client.send(head("Transfer-Encoding: chunked\r\n") + framed("one,"));
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("[one,|flat]") + "0\r\n\r\n"));
  CHECK(client.ended());
}

TEST_CASE("body reader: a body that stops coming is an error in time", "[http]") {
  ReadingServer server;
  server.config.server.read_timeout = milliseconds(200);
  server.start();
  Client client = server.connect();
  client.send(head("Content-Length: 100\r\n") + "only a part");
  CHECK(client.reply().status == 200);
  CHECK(client.receives(framed("error: the request body did not arrive in time")));
}

TEST_CASE("body reader: broken chunks are an error of the reader", "[http]") {
  ReadingServer server;
  server.start();
  Client client = server.connect();
  client.send(head("Transfer-Encoding: chunked\r\n") + "zz\r\nnonsense\r\n");
  CHECK(client.reply().status == 200);
  CHECK(server.seen == 0);
}
