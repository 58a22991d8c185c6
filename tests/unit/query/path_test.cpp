// Places inside properties, as text.
#include "shared/query/path.h"

#include "tests/support/catch.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {
namespace {

using Path = std::vector<std::string>;

TEST_CASE("paths: names with other signs stand in quotes", "[query]") {
  CHECK(property_name(Path{"geo", "city"}) == "properties.geo.city");
  CHECK(property_name(Path{"http.method"}) == R"(properties."http.method")");
  CHECK(property_name(Path{"a b", R"(q"\)", ""}) == R"(properties."a b"."q\"\\"."")");
}

TEST_CASE("paths: what is written is read", "[query]") {
  const Path paths[] = {{"a"},          {"a", "b-c", "ä"}, {"a.b", "c d"},
                        {R"(\")", ","}, {"", "=>"},        {"(x)", ":"}};
  for (const Path& path : paths) {
    const std::string name = property_name(path);
    INFO(name);
    const std::string text = name + ":rest";
    std::string_view rest = std::string_view(text).substr(kProperties.size());
    CHECK(read_path(rest, ":") == path);
    CHECK(rest == ":rest");
  }
}

TEST_CASE("paths: what is wrong is where the text is left", "[query]") {
  std::string_view open = R"(.a."b c)";
  CHECK_FALSE(read_path(open, ""));
  CHECK(open == R"("b c)");
  std::string_view empty = ".a..b";
  CHECK_FALSE(read_path(empty, ""));
  CHECK(empty == ".b");
  std::string_view none = "x";
  CHECK(read_path(none, "") == Path{});
}

}  // namespace
}  // namespace logctl::query
