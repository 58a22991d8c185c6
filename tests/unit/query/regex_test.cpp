#include "shared/query/regex.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <string>
#include <string_view>

namespace logctl::query {
namespace {

TEST_CASE("regex: what is found", "[query]") {
  struct Case {
    std::string_view pattern;
    std::string_view text;
    bool found;
  };
  const Case cases[] = {
      {"b", "abc", true},
      {"^b", "abc", false},
      {"c$", "abc", true},
      {"c$", "abc\n", false},
      {"a.c", "a\nc", true},
      {"a.c", "aäc", true},
      {"[^b]c", "a\nc", true},
      {"B", "abc", false},
      {"(?i)B", "abc", true},
      {"(?i)[A-C]{3}", "xabcx", true},
      {"(?i)Ä", "ä", false},
      {"(?i)k", "\xE2\x84\xAA", false},  // the Kelvin sign
      {"\\d+ms", "took 250ms", true},
      {"\\d", "٣", false},  // an Arabic digit
      {"\\w", "é", false},
      {"\\W", "é", true},
      {"[\\W]", "abc", false},
      {"[\\d-]+$", "1-2", true},
      {"\\s", "\v", true},
      {"\\bcat\\b", "a cat.", true},
      {"\\bcat\\b", "concat", false},
      {"\\Bcat", "concat", true},
      {"(ab|c)+$", "xabcab", true},
      {"a{2,3}b", "aab", true},
      {"^a{2,3}b", "aaaab", false},
      {"a{0}b", "b", true},
      {"a*?b", "aab", true},
      {"a||b", "", true},
      {"()", "", true},
      {"[[:upper:]][[:digit:]]", "xA7", true},
      {"[^[:alpha:]_]", "a_b", false},
      {"\\.\\*\\[\\(\\{\\|\\^\\$\\?\\+\\\\\\/", ".*[({|^$?+\\/", true},
      {"-#\"'%~`<>=,;:@&!_", "-#\"'%~`<>=,;:@&!_", true},
      {"[ä-ü]+$", "öü", true},
      {"[^\\s\\S]", "anything", false},
      {"\\ ", "a b", true},
      {"[a\\-z]", "-", true},
      {"[a\\-z]", "b", false},
      {"[-a]", "-", true},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern, c.text);
    CHECK(Regex(c.pattern).found_in(c.text) == c.found);
  }
}

TEST_CASE("regex: what only one engine knows is refused, with the place", "[query]") {
  struct Case {
    std::string pattern;
    std::size_t at;
    std::string_view what;
  };
  const Case cases[] = {
      {"", 0, "expected a regular expression, found nothing"},
      {"a(b", 1, "this '(' is never closed"},
      {"ab)", 2, "this ')' closes nothing"},
      {"[ab", 0, "this '[' is never closed"},
      {"[]a]", 1, "nothing stands between '[' and ']'"},
      {"a]", 1, "this ']' belongs to nothing"},
      {"a{", 1, "expected {2}, {2,} or {2,5}"},
      {"a{2", 1, "expected {2}, {2,} or {2,5}"},
      {"{2}", 0, "this '{' belongs to nothing"},
      {"a{3,2}", 1, "3 is more than 2"},
      {"a{256}", 1, "at most 255 repetitions can be asked for"},
      {"*a", 0, "nothing stands before this '*'"},
      {"a**", 2, "a repetition of a repetition"},
      {"^*", 1, "'^' cannot be repeated"},
      {"\\b+", 2, "'\\b' cannot be repeated"},
      {"a\\", 1, "nothing follows this '\\'"},
      {"(a)\\1", 3, "'\\1' refers back, which is not known in both stores"},
      {"\\p{L}", 0, "'\\p' is not known in both stores"},
      {"\\ä", 0, "'\\ä' is not known in both stores"},
      {"(?=a)", 0, "'(?=' is not known in both stores"},
      {"x(?P<n>a)", 1, "'(?P' is not known in both stores"},
      {"[b-a]", 1, "the range b-a runs backwards"},
      {"[a-\\d]", 1, "a range ends in one character, not in a class"},
      {"[[:nope:]]", 1, "expected the name of a class"},
      {"[[.a.]]", 1, "'[.' is not known in both stores"},
      {"((a{100}){100})", 1, "the repetitions come to more than 2000 steps"},
      {std::string(1001, 'a'), 0, "the regular expression has 1001 bytes, allowed are 1000"},
      {std::string(40, '(') + std::string(40, ')'), 30, "nested too deeply"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern);
    const auto problem = regex_problem(c.pattern);
    REQUIRE(problem);
    CHECK(problem->what == c.what);
    CHECK(problem->at == c.at);
    CHECK_THROWS_AS(Regex(c.pattern), Error);
    CHECK_THROWS_AS(postgres_regex(c.pattern), Error);
  }
}

TEST_CASE("regex: PostgreSQL gets the same in its own words", "[query]") {
  CHECK(postgres_regex("\\bGET\\B (a|b){2}\\.") == "\\yGET\\Y (?:a|b){2}\\.");
  CHECK(postgres_regex("(?i)a1") == "[Aa]1");
  CHECK(postgres_regex("\\d[\\w.-]") == "[0-9][\\-.0-9A-Z_a-z]");
  CHECK(postgres_regex("a||()") == "a|(?:)|(?:(?:))");
}

}  // namespace
}  // namespace logctl::query
