#include "service/messages/default_namespace.h"
#include "service/messages/rpc_error.h"
#include "service/messages/tokens.h"
#include "shared/base/hash.h"
#include "shared/messages/token.h"
#include "tests/support/catch.h"
#include "tests/support/eventually.h"
#include "tests/support/scripted_messages.h"

#include <fmt/format.h>

using namespace logctl;
using namespace logctl::messages;

TEST_CASE("tokens: one look-up serves many requests, and a rotated token ends within a second",
          "[messages]") {
  test::ScriptedMessages store;
  store.make_namespace("ns", "one");
  Tokens tokens(store);
  CHECK(tokens.known("ns", "one") == Known::nothing);
  CHECK(tokens.look_up("ns") == "one");
  for (int i = 0; i < 100; ++i) CHECK(tokens.known("ns", "one") == Known::valid);
  CHECK(tokens.known("ns", "two") == Known::other);
  CHECK(store.look_ups() == 1);
  store.set_token("ns", "two");
  const auto began = std::chrono::steady_clock::now();
  CHECK(test::eventually([&] {
    if (tokens.known("ns", "one") == Known::aging) tokens.look_up("ns");
    return tokens.known("ns", "two") == Known::valid;
  }));
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(1100));
  CHECK(store.look_ups() == 2);
}

TEST_CASE("tokens: what this daemon changes holds at once", "[messages]") {
  test::ScriptedMessages store;
  store.make_namespace("ns", "one");
  Tokens tokens(store);
  CHECK_FALSE(tokens.look_up("nothing"));
  CHECK(tokens.known("nothing", "one") == Known::nothing);
  tokens.look_up("ns");
  tokens.remember("ns", "two");
  CHECK(tokens.known("ns", "two") == Known::valid);
  tokens.forget("ns");
  CHECK(tokens.known("ns", "two") == Known::nothing);
}

TEST_CASE("namespace default: made once, with the token that is configured or a new one",
          "[messages]") {
  config::Config config;
  config.log.level = "error";
  metrics::Observer observer(config);
  test::ScriptedMessages store;
  const std::string token = make_token("default");
  SECTION("configured") {
    ensure_default_namespace(store, token, observer, system_clock());
    CHECK(store.find_namespace("default")->token_hash == sha256_hex(token));
    // Another one later changes nothing.
    ensure_default_namespace(store, make_token("default"), observer, system_clock());
    CHECK(store.find_namespace("default")->token_hash == sha256_hex(token));
  }
  SECTION("new") {
    ensure_default_namespace(store, {}, observer, system_clock());
    const auto made = store.find_namespace("default");
    REQUIRE(made);
    CHECK(made->token_hash.size() == 64);
    ensure_default_namespace(store, {}, observer, system_clock());
    CHECK(store.find_namespace("default")->token_hash == made->token_hash);
  }
  SECTION("without a token yet") {
    store.make_namespace("default", "");
    ensure_default_namespace(store, {}, observer, system_clock());
    CHECK(store.find_namespace("default")->token_hash.empty());
    ensure_default_namespace(store, token, observer, system_clock());
    CHECK(store.find_namespace("default")->token_hash == sha256_hex(token));
  }
  SECTION("of another namespace") {
    CHECK_THROWS_AS(ensure_default_namespace(store, make_token("other"), observer, system_clock()),
                    Error);
    CHECK_FALSE(store.find_namespace("default"));
  }
}

TEST_CASE("rpc errors: the shape of an answer", "[messages]") {
  RpcError conflict(RpcCode::version_conflict, "no");
  conflict.details = R"({"expected":1,"actual":2})";
  http::Response answer = rpc_error_response(conflict, 1);
  CHECK(answer.status == 409);
  CHECK(answer.body == R"({"error":{"code":"STREAM_VERSION_CONFLICT","message":"no",)"
                       R"("details":{"expected":1,"actual":2}}})");
  const auto f = [](ErrorCode code, int status, std::string_view name) {
    const http::Response response = rpc_error_response(Error(code, "x"), 1);
    CHECK(response.status == status);
    CHECK(response.body.find(fmt::format(R"("code":"{}")", name)) != std::string::npos);
  };
  f(ErrorCode::method_not_allowed, 405, "INVALID_REQUEST");
  f(ErrorCode::invalid_json, 400, "INVALID_REQUEST");
  f(ErrorCode::request_too_large, 413, "INVALID_REQUEST");
  f(ErrorCode::not_found, 404, "NOT_FOUND");
  f(ErrorCode::unavailable, 503, "BACKEND_ERROR");
  f(ErrorCode::overloaded, 503, "BACKEND_ERROR");
  f(ErrorCode::rate_limited, 429, "RATE_LIMITED");
  f(ErrorCode::internal, 500, "INTERNAL_ERROR");
  // The table is in the order of the codes.
  for (int code = 0; code <= static_cast<int>(RpcCode::internal_error); ++code) {
    CHECK(info(static_cast<RpcCode>(code)).code == static_cast<RpcCode>(code));
  }
}
