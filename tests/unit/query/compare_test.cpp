#include "shared/query/compare.h"

#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::query;

TEST_CASE("compare: levels stand by their severity, with every stored name", "[query]") {
  using Names = std::vector<std::string_view>;
  CHECK(level_names(Op::equal, Level::warning) == Names{"WARN", "WARNING"});
  CHECK(level_names(Op::more, Level::error) == Names{"CRITICAL", "FATAL"});
  CHECK(level_names(Op::at_most, Level::debug) == Names{"TRACE", "DEBUG"});
  CHECK(level_names(Op::less, Level::trace).empty());
}

TEST_CASE("compare: levels of one severity are counted under one name", "[query]") {
  CHECK(counted_level(Level::warn) == "WARN");
  CHECK(counted_level(Level::warning) == "WARN");
  CHECK(counted_level(Level::fatal) == "FATAL");
  CHECK(counted_level(Level::none).empty());
}

TEST_CASE("compare: the pieces of a pattern", "[query]") {
  using Pieces = std::vector<std::string>;
  CHECK(pieces_of("abc") == Pieces{"abc"});
  CHECK(pieces_of("a*b*") == Pieces{"a", "b", ""});
  CHECK(pieces_of(R"(a\*b\\*)") == Pieces{"a*b\\", ""});
}
