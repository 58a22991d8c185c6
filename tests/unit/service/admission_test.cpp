#include "service/messages/admission.h"

#include "service/messages/caller.h"
#include "service/messages/rpc_error.h"
#include "shared/base/hash.h"
#include "shared/messages/token.h"
#include "tests/support/catch.h"
#include "tests/support/fake_keys.h"
#include "tests/support/scripted_messages.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <exception>
#include <string>
#include <thread>

using namespace logctl;
using namespace logctl::messages;

namespace {

constexpr const char* kIn = "in";
constexpr const char* kRefused = "refused";
constexpr const char* kBusy = "busy";

std::shared_ptr<const config::Config> quiet() {
  auto config = std::make_shared<config::Config>();
  config->log.level = "error";
  config->messages.rps = 0;
  return config;
}

boost::asio::awaitable<void> run_here(std::function<void()> work) {
  work();
  co_return;
}

struct World {
  std::string make(const std::string& name_space) {
    const std::string token = make_token(name_space);
    store.make_namespace(name_space, sha256_hex(token));
    return token;
  }

  std::string admit(const std::string& token, const std::string& client = "192.0.2.1") {
    http::Request request;
    request.remote = client;
    request.headers.emplace_back("authorization", "Bearer " + token);
    std::exception_ptr failure;
    boost::asio::io_context io;
    boost::asio::co_spawn(io, admission.admit(request),
                          [&](std::exception_ptr error) { failure = error; });
    io.run();
    try {
      if (failure) std::rethrow_exception(failure);
    } catch (const RpcError&) {
      return kRefused;
    } catch (const Error& error) {
      return error.code() == ErrorCode::overloaded ? kBusy : error.message();
    }
    return kIn;
  }

  // Made-up tokens until no more are looked up.
  void flood(const std::string& name_space, const std::string& client = "192.0.2.1") {
    for (int i = 0; i < 2000; ++i) {
      if (admit(make_token(fmt::format("{}{}", name_space, i)), client) == kBusy) return;
    }
    FAIL("every token was looked up");
  }

  std::shared_ptr<const config::Config> config = quiet();
  metrics::Observer observer{*config};
  test::ScriptedMessages store;
  test::FakeKeys keys;
  auth::Authenticator authenticator{keys, *config, system_clock()};
  ratelimit::Limiter limiter;
  Tokens tokens{store};
  Admission admission{tokens, authenticator, limiter, observer, config, run_here};
};

}  // namespace

TEST_CASE("admission: a flood of made-up tokens costs known ones nothing", "[messages]") {
  World world;
  const std::string token = world.make("ns");
  REQUIRE(world.admit(token) == kIn);
  world.flood("nobody");
  CHECK(world.admit(token) == kIn);
  // Nor when it is to be looked up again.
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  world.flood("nobody else");
  CHECK(world.admit(token) == kIn);
}

TEST_CASE("admission: a flood from one client leaves the look-ups of others", "[messages]") {
  World world;
  const std::string token = world.make("ns");
  world.flood("nobody");
  CHECK(world.admit(token, "192.0.2.2") == kIn);
}

TEST_CASE("admission: wrong tokens of a namespace cost other namespaces nothing", "[messages]") {
  World world;
  const std::string known = world.make("ns");
  REQUIRE(world.admit(known) == kIn);
  const std::string first = world.make("first");
  std::string answer;
  for (int i = 0; i < 2000 && answer != kBusy; ++i) answer = world.admit(make_token("ns"));
  CHECK(answer == kBusy);
  CHECK(world.admit(known) == kIn);
  CHECK(world.admit(first) == kIn);
}

TEST_CASE("admission: a token that another daemon has just made gets in", "[messages]") {
  World world;
  const std::string old = world.make("ns");
  REQUIRE(world.admit(old) == kIn);
  const std::string token = make_token("ns");
  world.store.set_token("ns", sha256_hex(token));
  CHECK(world.admit(token) == kIn);
  CHECK(world.admit(old) == kRefused);
}

TEST_CASE("admission: where the store is that cannot be reached is nobody's business",
          "[messages]") {
  World world;
  const std::string token = world.make("ns");
  Admission admission(world.tokens, world.authenticator, world.limiter, world.observer,
                      world.config, [](std::function<void()>) -> boost::asio::awaitable<void> {
                        throw Error(ErrorCode::unavailable, "connect to 10.1.2.3 port 5432: no");
                        co_return;
                      });
  for (const bool is_token : {true, false}) {
    const std::string sent = is_token ? token : "no-token-and-no-key";
    http::Request request;
    request.headers.emplace_back("authorization", "Bearer " + sent);
    std::exception_ptr failure;
    boost::asio::io_context io;
    boost::asio::co_spawn(io, admission.admit(request),
                          [&](std::exception_ptr error) { failure = error; });
    io.run();
    REQUIRE(failure);
    try {
      std::rethrow_exception(failure);
    } catch (const RpcError& error) {
      CHECK_FALSE(is_token);
      CHECK(error.rpc_code() == RpcCode::auth_invalid_token);
    } catch (const Error& error) {
      CHECK(is_token);
      CHECK(error.code() == ErrorCode::unavailable);
      CHECK(error.message() == "the store cannot be reached for now");
    }
  }
}
