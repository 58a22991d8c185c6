#include "cli/client.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/script_server.h"
#include "tests/support/temp_dir.h"

#include <algorithm>
#include <string>
#include <sys/socket.h>
#include <utility>
#include <vector>

using namespace logctl;
using namespace logctl::cli;
using test::Script;
using test::ScriptServer;

namespace {

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nX-Kind: Test\r\n\r\n" + body;
}

ErrorCode failure(const std::string& url, microseconds timeout = seconds(5),
                  const std::string& method = "GET") {
  try {
    Client(url, timeout).send(method, "/");
  } catch (const Error& error) {
    INFO(error.message());
    CHECK(error.message().find(url) != std::string::npos);
    return error.code();
  }
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("client: addresses", "[cli]") {
  const Url plain = parse_url("http://localhost:8080/base/");
  CHECK((plain.scheme == Url::Scheme::http && plain.host == "localhost" && plain.port == 8080));
  CHECK(plain.path == "/base");
  CHECK(parse_url("http://h").port == 80);
  CHECK(parse_url("http://h:").port == 80);
  CHECK(parse_url("https://h/").port == 443);
  CHECK(parse_url("https://h/").path.empty());
  const Url six = parse_url("http://[::1]:81");
  CHECK((six.host == "::1" && six.port == 81));
  CHECK(parse_url("unix:///run/logctl.sock").socket == "/run/logctl.sock");

  for (const char* text :
       {"", "localhost:8080", "ftp://h", "http://", "http://:80", "http://h:0", "http://h:65536",
        "http://h:x", "http://[::1", "http://[::1]x", "http://u:p@h", "unix://relative"}) {
    INFO(text);
    try {
      parse_url(text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK(error.message().starts_with("'" + std::string(text) + "' is no address of a daemon: "));
    }
  }
}

TEST_CASE("client: a request and its answer, several on one connection", "[cli]") {
  ScriptServer server(
      {{{ok("first"), "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}, false}});
  {
    Client client(server.url() + "/base", seconds(5));
    const Answer first = client.send("POST", "/x?y=1", {{"Authorization", "Bearer k"}}, "body");
    CHECK(first.status == 200);
    CHECK(first.body == "first");
    CHECK(first.header("x-kind") == "Test");
    CHECK(first.header("absent").empty());
    CHECK(client.send("GET", "").status == 404);
  }
  const auto& requests = server.finish();
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].starts_with("POST /base/x?y=1 HTTP/1.1\r\n"));
  CHECK(requests[0].find("Authorization: Bearer k\r\n") != std::string::npos);
  CHECK(requests[0].find("Content-Length: 4\r\n") != std::string::npos);
  CHECK(requests[1].starts_with("GET /base HTTP/1.1\r\n"));
}

TEST_CASE("client: unix sockets", "[cli]") {
  const test::TempDir dir;
  ScriptServer server({{{ok("here")}}}, (dir.path() / "s").string());
  Client client(server.url(), seconds(5));
  CHECK(client.send("GET", "/health").body == "here");
  CHECK(server.finish().at(0).find("Host: localhost\r\n") != std::string::npos);
}

TEST_CASE("client: a kept connection that was closed costs a GET nothing", "[cli]") {
  ScriptServer server({{{ok("one")}}, {{ok("two")}}});
  Client client(server.url(), seconds(5));
  CHECK(client.send("GET", "/").body == "one");
  CHECK(client.send("GET", "/").body == "two");
}

TEST_CASE("client: a request that may have been acted on is not sent again", "[cli]") {
  ScriptServer server({{{ok("one")}}, {{ok("two")}}});
  Client client(server.url(), seconds(5));
  CHECK(client.send("POST", "/").body == "one");
  try {
    client.send("POST", "/");
    FAIL("sent again");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::unavailable);
    CHECK(error.message() == server.url() + ": the connection was closed without an answer");
  }
  // The next one opens a connection of its own.
  CHECK(client.send("POST", "/").body == "two");
}

TEST_CASE("client: failures say what to expect of another try", "[cli]") {
  ScriptServer silent({{{""}, false}});
  CHECK(failure(silent.url(), milliseconds(50)) == ErrorCode::timeout);
  ScriptServer cut({{{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}}});
  CHECK(failure(cut.url()) == ErrorCode::unavailable);
  ScriptServer closing({Script{}});
  CHECK(failure(closing.url()) == ErrorCode::unavailable);
  const test::TempDir dir;
  CHECK(failure("unix://" + (dir.path() / "none").string()) == ErrorCode::unavailable);
  // What does not speak TLS is not asked in plain text.
  ScriptServer plain({Script{}});
  std::string https = plain.url();
  https.replace(0, 4, "https");
  const ErrorCode tls = failure(https);
  CHECK((tls == ErrorCode::io || tls == ErrorCode::unavailable));
}
