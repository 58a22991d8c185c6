#include "service/http/router.h"

#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::http;

namespace {

Route route(Method method, std::string_view path, Surface surface = Surface::logs) {
  Route row;
  row.method = method;
  row.path = path;
  row.surface = surface;
  row.label = path;
  return row;
}

Router sample() {
  return Router({
      route(Method::get, "/logs/{id}"),
      route(Method::del, "/logs/{id}"),
      route(Method::get, "/logs/recent"),
      route(Method::post, "/logs"),
      route(Method::get, "/logs/{id}/parts/{part}"),
      route(Method::get, "/logs/{id}/parts/first"),
      route(Method::get, "/health", Surface::ops),
  });
}

}  // namespace

TEST_CASE("router: a path finds its route and what its variables matched", "[http]") {
  const Router router = sample();
  const auto f = [&](Method method, std::string_view path, std::string_view expected,
                     const std::vector<std::string>& arguments = {}) {
    INFO(method_name(method) << " " << path);
    const Router::Match match = router.match(method, path, kAllSurfaces);
    CHECK((match.route == nullptr ? std::string_view() : match.route->path) == expected);
    CHECK(match.arguments == arguments);
  };
  f(Method::get, "/logs/42", "/logs/{id}", {"42"});
  f(Method::get, "/logs/recent", "/logs/recent");
  f(Method::head, "/logs/recent", "/logs/recent");
  f(Method::del, "/logs/recent", "/logs/{id}", {"recent"});
  f(Method::post, "/logs", "/logs");
  f(Method::get, "/logs/a/parts/b", "/logs/{id}/parts/{part}", {"a", "b"});
  f(Method::get, "/logs/a/parts/first", "/logs/{id}/parts/first", {"a"});
  f(Method::get, "/logs/", "");
  f(Method::get, "/logs/a/parts/", "");
  f(Method::get, "/logs/a/parts/b/", "");
  f(Method::get, "/logs/a/b", "");
  f(Method::get, "/", "");
  f(Method::get, "", "");
  f(Method::get, "logs/42", "");
}

TEST_CASE("router: a wrong method names the right ones, an unknown path none", "[http]") {
  const Router router = sample();
  const auto f = [&](Method method, std::string_view path, std::string_view allowed) {
    INFO(path);
    const Router::Match match = router.match(method, path, kAllSurfaces);
    CHECK(match.route == nullptr);
    CHECK(match.allowed == allowed);
  };
  f(Method::get, "/logs", "POST, OPTIONS");
  f(Method::head, "/logs", "POST, OPTIONS");
  f(Method::put, "/logs/recent", "GET, HEAD, DELETE, OPTIONS");
  f(Method::other, "/logs/9", "GET, HEAD, DELETE, OPTIONS");
  f(Method::get, "/nothing", "");
}

TEST_CASE("router: only the mounted surfaces are seen", "[http]") {
  const Router router = sample();
  CHECK(router.match(Method::get, "/health", static_cast<unsigned>(Surface::ops)).route != nullptr);
  const auto hidden = router.match(Method::post, "/health", static_cast<unsigned>(Surface::logs));
  CHECK(hidden.route == nullptr);
  CHECK(hidden.allowed.empty());
}

TEST_CASE("router: a path of two surfaces is the first one's that is mounted", "[http]") {
  const Router router({route(Method::get, "/health", Surface::ops),
                       route(Method::get, "/health", Surface::messages)});
  const auto surface = [&](unsigned mounted) {
    return router.match(Method::get, "/health", mounted).route->surface;
  };
  CHECK(surface(kAllSurfaces) == Surface::ops);
  CHECK(surface(static_cast<unsigned>(Surface::messages)) == Surface::messages);
}

TEST_CASE("router: errors without a route look like those of their neighbours", "[http]") {
  static const auto other_format = [](const Error& error, unsigned seconds) {
    return error_response(error, seconds);
  };
  const ErrorFormat other = other_format;
  Route rpc = route(Method::post, "/rpc", Surface::messages);
  rpc.error_format = other;
  Route import = route(Method::post, "/import", Surface::messages);
  import.error_format = other;
  const Router router({route(Method::get, "/logs"), rpc, import});
  const auto messages = static_cast<unsigned>(Surface::messages);
  CHECK(router.match(Method::get, "/rpc", kAllSurfaces).error_format == other);
  CHECK(router.match(Method::get, "/nothing", messages).error_format == other);
  CHECK(router.match(Method::get, "/nothing", kAllSurfaces).error_format == &error_response);
  CHECK(router.match(Method::post, "/logs", kAllSurfaces).error_format == &error_response);
}

TEST_CASE("router: two routes for the same method and path are refused", "[http]") {
  const auto f = [](std::string_view first, std::string_view second, std::string_view message) {
    INFO(first << " " << second);
    try {
      Router({route(Method::get, first), route(Method::get, second)});
      CHECK(message.empty());
    } catch (const Error& error) {
      CHECK(error.message() == message);
      CHECK(error.code() == ErrorCode::internal);
    }
  };
  f("/a", "/a", "two routes for GET /a");
  f("/a/{x}", "/a/{y}", "two routes for GET /a/{y}");
  f("/a/{x}", "/a/x", "");
  f("/a/{x}", "/b/{x}", "");
}
