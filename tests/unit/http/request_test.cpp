#include "service/http/request.h"

#include "tests/support/catch.h"

using namespace logctl::http;

TEST_CASE("request: percent decoding", "[http]") {
  const auto f = [](std::string_view text, bool plus, std::optional<std::string> expected) {
    INFO(text);
    CHECK(percent_decode(text, plus) == expected);
  };
  f("", false, "");
  f("plain", false, "plain");
  f("a%20b", false, "a b");
  f("a+b", true, "a b");
  f("a+b", false, "a+b");
  f("%C3%a9", false, "\xC3\xA9");
  f("%2525", false, "%25");
  f("%", false, std::nullopt);
  f("%4", false, std::nullopt);
  f("a%4", false, std::nullopt);
  f("%zz", false, std::nullopt);
  f("%00", false, std::nullopt);
}

TEST_CASE("request: query strings keep their order and their repetitions", "[http]") {
  using Pairs = logctl::query::Parameters;
  const auto f = [](std::string_view text, std::optional<Pairs> expected) {
    INFO(text);
    CHECK(parse_query_string(text) == expected);
  };
  f("", Pairs{});
  f("a=1&b=2&a=3", Pairs{{"a", "1"}, {"b", "2"}, {"a", "3"}});
  f("a&b=&&=c", Pairs{{"a", ""}, {"b", ""}, {"", "c"}});
  f("q=x%26y%3Dz+w", Pairs{{"q", "x&y=z w"}});
  f("q=a=b", Pairs{{"q", "a=b"}});
  f("q=%", std::nullopt);
  f("%0=1", std::nullopt);
}

TEST_CASE("request: headers and parameters are found by name", "[http]") {
  Request request;
  request.headers = {{"accept", "a"}, {"accept", "b"}};
  request.parameters = {{"limit", "5"}};
  CHECK(request.header("accept") == "a");
  CHECK(request.header("missing").empty());
  REQUIRE(request.parameter("limit") != nullptr);
  CHECK(*request.parameter("limit") == "5");
  CHECK(request.parameter("cursor") == nullptr);
  CHECK(method_name(Method::del) == "DELETE");
  CHECK(method_name(Method::other) == "OTHER");
}
