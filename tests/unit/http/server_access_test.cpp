#include "service/http/access.h"
#include "shared/base/time_text.h"
#include "tests/unit/http/server_fixture.h"

using namespace logctl;
using namespace logctl::test;
using namespace logctl::test::http_server;

namespace {

std::string bearer(const std::string& key) { return "Authorization: Bearer " + key + "\r\n"; }

}  // namespace

TEST_CASE("access: who may do what", "[http]") {
  TestServer server;
  const std::string reader = server.make_key(auth::Scope::read);
  const std::string reader_id = server.last_key_id;
  const std::string expired =
      server.make_key(auth::Scope::read, {}, {}, system_clock().now() - std::chrono::hours(1));
  server.start();
  server.authenticator->refresh();
  const std::string stranger = auth::generate_key(auth::Scope::read).secret;

  const auto f = [&](const std::string& request, int status, std::string_view message) {
    INFO(request);
    Client client = server.connect();
    const Reply reply = client.send(request).reply();
    CHECK(reply.status == status);
    CHECK(reply.body.find(message) != std::string::npos);
    CHECK(reply.header("WWW-Authenticate") == (status == 401 ? "Bearer" : ""));
  };
  const std::string ok = "key=" + reader_id + " body";
  f(get("/read", bearer(reader)), 200, ok);
  f(get("/read", "Authorization: bearer   " + reader + "\r\n"), 200, ok);
  f(get("/read", "Authorization: " + reader + "\r\n"), 200, ok);
  f(get("/read", "X-API-Key: " + reader + "\r\n"), 200, ok);
  f(get("/read?api_key=" + reader + "&limit=1"), 200, "GET /read limit=1 key=" + reader_id);
  f(get("/read?token=" + reader), 401, "API key is required");
  f(get("/admin?api_key=" + reader), 401, "other");
  f(get("/read"), 401, R"("error":"unauthorized","message":"API key is required")");
  f(get("/read", "Authorization: Bearer \r\n"), 401, "API key is required");
  f(get("/read", bearer("nonsense")), 401, "invalid API key");
  f(get("/read", bearer(stranger)), 401, "invalid API key");
  f(get("/read", bearer(expired)), 401, "API key has expired");
  f(get("/read", bearer("static-secret")), 200, "key=static-1");
  f(post("/ingest", "x", bearer(reader)), 403,
    "key '" + reader_id + R"(' lacks the scope 'ingest'","hint":"it has: read")");
  f(get("/admin", bearer(reader)), 403, R"({"shape":"other"})");
  // Routes without a scope ask nobody.
  f(get("/echo", bearer("nonsense")), 200, "GET /echo body=0:");
  CHECK(server.counted(R"(http_requests_total{endpoint="/read",method="GET",status="401"} 6)"));
}

TEST_CASE("access: a key made a moment ago works at once", "[http]") {
  TestServer server;
  server.start();
  const std::string key = server.make_key(auth::Scope::read);
  CHECK(server.ask(get("/read", bearer(key))).status == 200);

  // Whether a key is known cannot be told while the store is away: that is no reason to give up.
  server.keys.set_away(true);
  const std::string another = auth::generate_key(auth::Scope::read).secret;
  const Reply reply = server.ask(get("/read", bearer(another)));
  CHECK(reply.status == 503);
  CHECK(reply.header("Retry-After") == "1");
  CHECK(server.ask(get("/read", bearer(key))).status == 200);
}

TEST_CASE("access: the rate limit of a key is told and kept", "[http]") {
  TestServer server;
  const std::string key = server.make_key(auth::Scope::ingest | auth::Scope::read, 0.01, 2);
  server.start();
  server.authenticator->refresh();
  Client client = server.connect();
  const auto check_limits = [](const Reply& reply, const std::string& remaining) {
    for (const std::string prefix : {"", "X-"}) {
      CHECK(reply.header(prefix + "RateLimit-Limit") == "2");
      CHECK(reply.header(prefix + "RateLimit-Remaining") == remaining);
      CHECK_FALSE(reply.header(prefix + "RateLimit-Reset").empty());
    }
  };
  check_limits(client.send(get("/read", bearer(key))).reply(), "1");
  check_limits(client.send(get("/read", bearer(key))).reply(), "0");
  // Refused before the body is there.
  client.send("POST /ingest HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n" + bearer(key) + "\r\n");
  const Reply refused = client.reply();
  CHECK(refused.status == 429);
  check_limits(refused, "0");
  CHECK(std::stoi(refused.header("Retry-After")) >= 99);
  CHECK(refused.body.find(R"("error":"rate_limit_exceeded","message":"the rate limit of key ')" +
                          server.last_key_id + "' is used up: 36 requests per hour, burst 2") !=
        std::string::npos);
  // The body that still comes is skipped, and other routes are not limited.
  const Reply open = client.send("hello" + get("/echo")).reply();
  CHECK(open.status == 200);
  CHECK(open.header("RateLimit-Limit").empty());
}

TEST_CASE("access: a body costs the bytes of its key", "[http]") {
  TestServer server;
  const std::string key = server.make_key(auth::Scope::ingest);
  storage::KeyLimits limits;
  limits.bytes_rate = 0.01;
  limits.bytes_burst = 10;
  server.keys.set_limits(server.last_key_id, limits);
  server.start();
  server.authenticator->refresh();
  Client client = server.connect();
  const Reply first = client.send(post("/ingest", "123456", bearer(key))).reply();
  CHECK(first.status == 200);
  CHECK(first.header("RateLimit-Limit") == "200");  // of requests: the answer is no refusal
  // Refused by the length that is announced, before the body is there.
  client.send("POST /ingest HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n" + bearer(key) + "\r\n");
  const Reply refused = client.reply();
  CHECK(refused.status == 429);
  CHECK(refused.header("RateLimit-Limit") == "10");
  CHECK(refused.header("RateLimit-Remaining") == "4");
  CHECK(refused.header("Retry-After") == "100");
  CHECK(refused.body.find("the rate limit of key '" + server.last_key_id +
                          "' is used up: 36 bytes per hour, burst 10") != std::string::npos);
  CHECK(client.send("12345" + post("/ingest", "1234", bearer(key))).reply().status == 200);
  CHECK(server.counted(R"(logctl_rate_limited_total{bucket="bytes"} 1)"));
}

TEST_CASE("access: a body of unknown length is paid for when it is there", "[http]") {
  TestServer server;
  const std::string key = server.make_key(auth::Scope::ingest);
  storage::KeyLimits limits;
  limits.bytes_rate = 0.01;
  limits.bytes_burst = 3;
  server.keys.set_limits(server.last_key_id, limits);
  server.start();
  server.authenticator->refresh();
  const std::string chunked = "POST /ingest HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n" +
                              bearer(key) + "\r\n8\r\n12345678\r\n0\r\n\r\n";
  Client client = server.connect();
  CHECK(client.send(chunked).reply().status == 200);
  const Reply refused = server.ask(chunked);
  CHECK(refused.status == 429);
  CHECK(refused.header("Retry-After") == "600");  // from 5 in debt to 1
}

TEST_CASE("access: a key without records left is spared sending more", "[http]") {
  TestServer server;
  const std::string key = server.make_key(auth::Scope::ingest | auth::Scope::read);
  storage::KeyLimits limits;
  limits.records_rate = 0.01;
  limits.records_burst = 1;
  server.keys.set_limits(server.last_key_id, limits);
  server.start();
  server.authenticator->refresh();
  CHECK(server.ask(post("/ingest", "x", bearer(key))).status == 200);
  server.limiter.charge(server.last_key_id + "/records", 0.01, 1, std::chrono::steady_clock::now(),
                        1);
  const Reply refused = server.ask(post("/ingest", "x", bearer(key)));
  CHECK(refused.status == 429);
  CHECK(refused.body.find("36 records per hour, burst 1") != std::string::npos);
  CHECK(server.ask(get("/read", bearer(key))).status == 200);
}

TEST_CASE("access: a key that soon ends is told so with every answer", "[http]") {
  TestServer server;
  const Timestamp soon = std::chrono::floor<seconds>(system_clock().now()) + std::chrono::hours(48);
  const std::string ending = server.make_key(auth::Scope::read, {}, {}, soon);
  const std::string later =
      server.make_key(auth::Scope::read, {}, {}, soon + std::chrono::hours(24 * 30));
  const std::string lasting = server.make_key(auth::Scope::read);
  server.start();
  server.authenticator->refresh();
  const auto told = [&](const std::string& key, std::string_view path) {
    return server.ask(get(path, bearer(key))).header("X-API-Key-Expires");
  };
  CHECK(told(ending, "/read") == format_rfc3339(soon));
  CHECK(told(ending, "/echo").empty());  // nobody looked at the key
  CHECK(told(later, "/read").empty());
  CHECK(told(lasting, "/read").empty());
  server.config.auth.expiry_notice = std::chrono::hours(24);
  server.server->configure(std::make_shared<const config::Config>(server.config));
  CHECK(told(ending, "/read").empty());
}

TEST_CASE("access: without rate limits nothing is counted or told", "[http]") {
  TestServer server;
  server.config.ratelimit.enabled = false;
  const std::string key = server.make_key(auth::Scope::read, 0.01, 1);
  server.start();
  server.authenticator->refresh();
  for (int i = 0; i < 3; ++i) {
    const Reply reply = server.ask(get("/read", bearer(key)));
    CHECK(reply.status == 200);
    CHECK(reply.headers.count("RateLimit-Limit") == 0);
  }
}

TEST_CASE("access: a client's request id comes back if it is one", "[http]") {
  TestServer server;
  server.start();
  const auto f = [&](const std::string& sent, bool echoed) {
    INFO(sent);
    const std::string id =
        server.ask(get("/echo", "X-Request-ID: " + sent + "\r\n")).header("X-Request-ID");
    CHECK((id == sent) == echoed);
    if (!echoed) CHECK(id.size() == 36);
  };
  f("abc-123", true);
  f(std::string(128, 'x'), true);
  f(std::string(129, 'x'), false);
  f("two words", false);
  f("caf\xC3\xA9", false);
  f("", false);
}

TEST_CASE("access: origins on the list may read answers", "[http]") {
  TestServer server;
  server.config.server.cors_enabled = true;
  server.config.server.cors_origins = {"https://a.example", "https://b.example"};
  server.start();
  const auto allowed = [&](const std::string& origin) {
    const Reply reply =
        server.ask(get("/echo", origin.empty() ? "" : "Origin: " + origin + "\r\n"));
    CHECK(reply.header("Vary") == "Origin");
    return reply.header("Access-Control-Allow-Origin");
  };
  CHECK(allowed("https://b.example") == "https://b.example");
  CHECK(allowed("https://c.example").empty());
  CHECK(allowed("").empty());

  const std::string preflight =
      "OPTIONS /ingest HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Method: POST\r\nOrigin: ";
  const Reply reply = server.ask(preflight + "https://a.example\r\n\r\n");
  CHECK(reply.status == 204);
  CHECK(reply.header("Access-Control-Allow-Origin") == "https://a.example");
  CHECK(reply.header("Access-Control-Allow-Methods").find("POST") != std::string::npos);
  CHECK(reply.header("Access-Control-Allow-Headers").find("X-API-Key") != std::string::npos);
  CHECK(reply.header("Access-Control-Max-Age") == "43200");
}

TEST_CASE("access: CORS can be open to everybody, or off", "[http]") {
  TestServer server;
  server.config.server.cors_enabled = true;
  server.config.server.cors_origins = {"*"};
  server.start();
  const Reply open = server.ask(get("/echo", "Origin: https://x\r\n"));
  CHECK(open.header("Access-Control-Allow-Origin") == "*");
  CHECK(open.header("Vary").empty());

  // Settings can change while the server runs.
  server.config.server.cors_enabled = false;
  server.server->configure(std::make_shared<const config::Config>(server.config));
  const Reply off = server.ask(get("/echo", "Origin: https://x\r\n"));
  CHECK(off.headers.count("Access-Control-Allow-Origin") == 0);
}

TEST_CASE("access: keys are masked in the target that is logged", "[http]") {
  const auto f = [](std::string_view target, std::string_view expected) {
    CHECK(http::mask_target(target) == expected);
  };
  f("/a", "/a");
  f("/a?b=1", "/a?b=1");
  f("/a?api_key=secret", "/a?api_key=***");
  f("/a?b=1&token=secret&c", "/a?b=1&token=***&c");
  f("/a?api%5Fkey=secret&%4", "/a?api%5Fkey=***&%4=***");
  f("/a?", "/a?");
}
