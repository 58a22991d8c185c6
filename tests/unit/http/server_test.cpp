#include "tests/support/deflate.h"
#include "tests/unit/http/server_fixture.h"

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

std::string chunked(std::string_view target, std::string_view chunks) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
}

}  // namespace

TEST_CASE("server: a request reaches its handler whole", "[http]") {
  TestServer server;
  server.start();
  const auto f = [&](std::string_view request, std::string_view expected) {
    INFO(request);
    const Reply reply = server.ask(request);
    CHECK(reply.status == 200);
    CHECK(reply.body == expected);
  };
  f(get("/echo"), "GET /echo body=0:");
  f(get("/echo?a=1&b=x%20y+z"), "GET /echo a=1 b=x y z body=0:");
  f(get("/ech%6F"), "GET /echo body=0:");
  f(get("/items/a%2Bb"), "GET /items/a+b {a+b} body=0:");
  f(get("http://elsewhere/echo?q=1"), "GET /echo q=1 body=0:");
  f(get("/echo", "X-TEST:  Mixed Case \r\n"), "GET /echo x-test=Mixed Case body=0:");
  f(post("/echo", "hello"), "POST /echo body=5:hello");
  f(post("/echo", ""), "POST /echo body=0:");
  f("\r\n\r\n" + get("/echo"), "GET /echo body=0:");
}

TEST_CASE("server: every answer carries its fixed headers", "[http]") {
  TestServer server;
  server.start();
  for (const std::string& request : {get("/echo"), get("/nothing"), std::string("junk\r\n\r\n")}) {
    INFO(request);
    const Reply reply = server.ask(request);
    CHECK(reply.header("Server") == "logctl");
    CHECK(reply.header("X-Content-Type-Options") == "nosniff");
    CHECK(reply.header("X-Frame-Options") == "DENY");
    CHECK(reply.header("X-XSS-Protection") == "1; mode=block");
    CHECK(reply.header("Referrer-Policy") == "strict-origin-when-cross-origin");
    CHECK(reply.header("X-Request-ID").size() == 36);
    CHECK(reply.header("Date").ends_with(" GMT"));
    CHECK(reply.header("Date").size() == 29);
  }
}

TEST_CASE("server: pipelined requests are answered in order", "[http]") {
  TestServer server;
  server.start();
  Client client = server.connect();
  client.send(get("/echo?n=1") + post("/echo", "two") + get("/nothing") +
              chunked("/echo", "3\r\nfou\r\n1\r\nr\r\n0\r\n\r\n") + get("/echo?n=5"));
  CHECK(client.reply().body == "GET /echo n=1 body=0:");
  CHECK(client.reply().body == "POST /echo body=3:two");
  CHECK(client.reply().status == 404);
  CHECK(client.reply().body == "POST /echo body=4:four");
  CHECK(client.reply().body == "GET /echo n=5 body=0:");
}

TEST_CASE("server: requests that come byte by byte are understood", "[http]") {
  TestServer server;
  server.start();
  Client client = server.connect();
  const std::string requests =
      post("/echo", "slowly", "X-Test: 1\r\n") +
      chunked("/echo", "2;ext=1\r\nab\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n") +
      chunked("/echo", "0\r\n\r\n");
  for (const char c : requests) client.send(std::string_view(&c, 1));
  CHECK(client.reply().body == "POST /echo x-test=1 body=6:slowly");
  CHECK(client.reply().body == "POST /echo body=12:ab0123456789");
  CHECK(client.reply().body == "POST /echo body=0:");
}

TEST_CASE("server: large bodies and answers pass", "[http]") {
  TestServer server;
  server.start();
  Client client = server.connect();
  const std::string body(3'000'000, 'b');
  const std::string expected = "POST /echo body=3000000:" + std::string(64, 'b');
  client.send(post("/echo", body));
  CHECK(client.reply().body == expected);
  std::string chunks;
  for (int i = 0; i < 30; ++i) chunks += "186a0\r\n" + body.substr(0, 100'000) + "\r\n";
  client.send(chunked("/echo", chunks + "0\r\n\r\n"));
  CHECK(client.reply().body == expected);
  client.send(get("/big"));
  CHECK(client.reply().body.size() == 8U << 20);
}

TEST_CASE("server: keep-alive follows version and header", "[http]") {
  TestServer server;
  server.start();
  const auto f = [&](const std::string& request, const std::string& connection, bool stays) {
    INFO(request);
    Client client = server.connect();
    client.send(request);
    CHECK(client.reply().header("Connection") == connection);
    if (stays) {
      CHECK(client.send(get("/echo")).reply().status == 200);
    } else {
      CHECK(client.ended());
    }
  };
  f(get("/echo"), "", true);
  f(get("/echo", "Connection: close\r\n"), "close", false);
  f("GET /echo HTTP/1.0\r\n\r\n", "close", false);
  f("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive", true);
}

TEST_CASE("server: HEAD answers what GET would, without the body", "[http]") {
  TestServer server;
  server.start();
  Client client = server.connect();
  client.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  const Reply reply = client.reply(true);
  CHECK(reply.status == 200);
  CHECK(reply.header("Content-Length") == "18");
  CHECK(client.send(get("/echo")).reply().body == "GET /echo body=0:");
}

TEST_CASE("server: an answer without content has no length and no line of the handler's making",
          "[http]") {
  TestServer server;
  server.start();
  const Reply reply = server.ask(get("/empty"));
  CHECK(reply.status == 204);
  CHECK(reply.headers.count("Content-Length") == 0);
  CHECK(reply.headers.count("Injected") == 0);
  CHECK(reply.header("X-Evil") == "a  Injected: b");
}

TEST_CASE("server: unknown paths and wrong methods say so", "[http]") {
  TestServer server;
  server.start();
  const Reply missing = server.ask(get("/nothing/here?x=1"));
  CHECK(missing.status == 404);
  CHECK(missing.body == R"({"error":"not_found","message":"no such path: /nothing/here"})");
  CHECK(missing.header("Content-Type") == "application/json");

  const Reply wrong = server.ask("DELETE /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.header("Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(wrong.body ==
        R"({"error":"method_not_allowed","message":"DELETE is not possible on /echo, expected )"
        R"(GET, HEAD, POST, OPTIONS"})");
  CHECK(server.ask("BREW /echo HTTP/1.1\r\nHost: h\r\n\r\n").status == 405);

  const Reply options = server.ask("OPTIONS /read HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(options.status == 204);
  CHECK(options.header("Allow") == "GET, HEAD, OPTIONS");
  CHECK(server.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status == 204);
  CHECK(server.ask("OPTIONS /nothing HTTP/1.1\r\nHost: h\r\n\r\n").status == 404);
  CHECK(server.counted(R"(http_requests_total{endpoint="unmatched",method="GET",status="404"} 1)"));
}

TEST_CASE("server: malformed requests are answered and end the connection", "[http]") {
  TestServer server;
  server.start();
  const auto f = [&](const std::string& request, std::string_view message) {
    INFO(request);
    Client client = server.connect();
    client.send(request + get("/echo?smuggled"));
    const Reply reply = client.reply();
    INFO(reply.body);
    CHECK(reply.status == 400);
    CHECK(reply.body.find(message) != std::string::npos);
    CHECK(reply.header("Connection") == "close");
    CHECK(client.ended());
  };
  const std::string chunk = "0\r\n\r\n";
  f("not http\r\n\r\n", "malformed HTTP request: bad ");
  f("GET /echo HTTP/3.0\r\n\r\n", "malformed HTTP request: bad version");
  f("GET /echo HTTP/1.1\r\nBad Header: 1\r\n\r\n", "malformed HTTP request: bad field");
  f("GET /echo HTTP/1.1\r\n\r\n", "the Host header is missing");
  f("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "more than one Host header");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n", "bad Content-Length");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    "Content-Length");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" +
        chunk,
    "Transfer-Encoding");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" +
        chunk,
    "Content-Length");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
    "Transfer-Encoding is not understood, expected chunked");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + chunk,
    "Transfer-Encoding is not understood, expected chunked");
  f("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
        chunk,
    "Transfer-Encoding is not understood, expected chunked");
  f("POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk,
    "HTTP/1.0 knows no Transfer-Encoding");
  f(chunked("/echo", "nonsense\r\n"), "malformed chunked body: ");
  f(chunked("/echo", "3\r\nabcdef\r\n"), "malformed chunked body: ");
  f(chunked("/echo", "5;" + std::string(40'000, 'x')), "malformed chunked body: ");
}

TEST_CASE("server: a target that makes no sense is refused", "[http]") {
  TestServer server;
  server.start();
  const auto f = [&](std::string_view target, std::string_view message) {
    INFO(target);
    Client client = server.connect();
    const Reply reply = client.send(get(target)).reply();
    CHECK(reply.status == 400);
    CHECK(reply.body.find(message) != std::string::npos);
    CHECK(client.send(get("/echo")).reply().status == 200);
  };
  f("echo", "the request target must begin with '/'");
  f("/ec%ho", "broken %-escape in the path");
  f("/echo%00", "broken %-escape in the path");
  f("/echo?a=%x", "broken %-escape in the query parameters");
}

TEST_CASE("server: headers over the limit are refused", "[http]") {
  TestServer server;
  server.config.server.max_header_bytes = 2000;
  server.start();
  std::string many;
  for (int i = 0; i < 100; ++i) many += "X-Header: 1234567890\r\n";
  const auto f = [&](const std::string& request, int status) {
    Client client = server.connect();
    client.send(request);
    const Reply reply = client.reply();
    CHECK(reply.status == status);
    if (status != 431) return;
    CHECK(reply.body.find("the request header is over the limit of 2000 bytes") !=
          std::string::npos);
    CHECK(client.ended());
  };
  f(get("/echo", "X-Long: " + std::string(1900, 'x') + "\r\n"), 200);
  f(get("/echo", "X-Long: " + std::string(2000, 'x') + "\r\n"), 431);
  f(get("/echo", many), 431);
  f(get("/" + std::string(3000, 'x')), 431);
  f("GET /" + std::string(3000, 'x'), 431);
  f(std::string(10'000, 'x'), 431);
  f(post("/echo", std::string(9000, 'b')), 200);

  // The limit holds for the whole header, also when it comes line by line.
  Client slow = server.connect();
  slow.send("GET /echo HTTP/1.1\r\nHost: h\r\n");
  for (int i = 0; i < 100; ++i) slow.send("X-Header: 1234567890\r\n");
  CHECK(slow.reply().status == 431);
}

TEST_CASE("server: bodies over the limit are refused, before they are read if possible", "[http]") {
  TestServer server;
  server.config.server.max_body_bytes = 100'000;
  server.start();
  const std::string message =
      R"("error":"request_too_large","message":"the body is over the limit of 100000 bytes")";

  // Nothing of the body was sent, yet there is an answer.
  Client announced = server.connect();
  announced.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100001\r\n\r\n");
  const Reply refused = announced.reply();
  CHECK(refused.status == 413);
  CHECK(refused.body.find(message) != std::string::npos);
  CHECK(refused.header("Connection") == "close");

  // The answer arrives although the client goes on sending.
  Client sending = server.connect();
  sending.send(post("/echo", std::string(3'000'000, 'x')));
  CHECK(sending.reply().status == 413);

  Client chunks = server.connect();
  chunks.send(chunked("/echo", "186a0\r\n" + std::string(100'000, 'x') + "\r\n1\r\nx\r\n"));
  CHECK(chunks.reply().status == 413);
  CHECK(server.ask(chunked("/echo", "186a0\r\n" + std::string(100'000, 'x') + "\r\n0\r\n\r\n"))
            .status == 200);
  CHECK(server.ask(post("/echo", std::string(100'000, 'x'))).status == 200);
}

TEST_CASE("server: the rest of a small refused body does not become a request", "[http]") {
  TestServer server;
  server.start();
  Client client = server.connect();
  const std::string hidden = get("/echo?smuggled");
  client.send(post("/nothing", hidden) + get("/echo?n=2"));
  CHECK(client.reply().status == 404);
  CHECK(client.reply().body == "GET /echo n=2 body=0:");
  // Where a chunked body ends is not known without reading it.
  client.send(chunked("/nothing", "5\r\nhello\r\n0\r\n\r\n"));
  const Reply last = client.reply();
  CHECK(last.status == 404);
  CHECK(last.header("Connection") == "close");
  CHECK(client.ended());
}

TEST_CASE("server: 100 Continue comes after the checks", "[http]") {
  TestServer server;
  server.config.server.max_body_bytes = 10'000;
  server.start();
  const std::string expect = " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: ";

  Client client = server.connect();
  client.send("POST /echo" + expect + "5\r\n\r\n");
  REQUIRE(client.receives("HTTP/1.1 100 Continue\r\n\r\n"));
  CHECK(client.send("hello").reply().body == "POST /echo body=5:hello");

  Client large = server.connect();
  CHECK(large.send("POST /echo" + expect + "10001\r\n\r\n").reply().status == 413);

  // Whether the body follows is the client's choice, so the connection cannot go on.
  Client unknown = server.connect();
  const Reply reply = unknown.send("POST /nothing" + expect + "5\r\n\r\n").reply();
  CHECK(reply.status == 404);
  CHECK(reply.header("Connection") == "close");
  CHECK(unknown.ended());
}

TEST_CASE("server: compressed bodies are opened within limits", "[http]") {
  TestServer server;
  server.config.server.max_decompressed_bytes = 1'000'000;
  server.start();
  const std::string packed = gzip("{\"hello\":\"world\"}");
  const auto f = [&](const std::string& body, const std::string& encoding, int status,
                     std::string_view message) {
    INFO(encoding << " " << message);
    Client client = server.connect();
    const Reply reply =
        client.send(post("/echo", body, "Content-Encoding: " + encoding + "\r\n")).reply();
    CHECK(reply.status == status);
    CHECK(reply.body.find(message) != std::string::npos);
    CHECK(reply.body.find("no room for padding") == std::string::npos);
    // The body was read or skipped, so the connection goes on.
    CHECK(client.send(get("/echo")).reply().status == 200);
  };
  f(packed, "gzip", 200, "body=17:{\"hello\":\"world\"}");
  f(packed, "GZIP", 200, "body=17:{\"hello\":\"world\"}");
  f("plain", "identity", 200, "body=5:plain");
  f(packed, "br", 415,
    "Content-Encoding 'br' is not supported, expected gzip, deflate, zstd or identity");
  f(packed.substr(0, packed.size() - 4), "gzip", 400, "invalid_request");
  f("junk", "gzip", 400, "invalid_request");
  f("junk", "zstd", 400, "invalid_request");
  f(gzip(std::string(2'000'000, 'x')), "gzip", 413,
    "the decompressed body is over the limit of 1000000 bytes");
}

TEST_CASE("server: errors of handlers become answers", "[http]") {
  TestServer server;
  server.start();
  const Reply away = server.ask(get("/fail/error"));
  CHECK(away.status == 503);
  CHECK(away.header("Retry-After") == "1");
  CHECK(away.body == R"({"error":"unavailable","message":"the store is away","hint":"wait"})");
  for (const char* path : {"/fail/exception", "/fail/unknown"}) {
    Client client = server.connect();
    const Reply broken = client.send(get(path)).reply();
    CHECK(broken.status == 500);
    CHECK(broken.body.find("internal_error") != std::string::npos);
    CHECK(broken.body.find("secret") == std::string::npos);
    CHECK(client.send(get("/echo")).reply().status == 200);
  }
}
