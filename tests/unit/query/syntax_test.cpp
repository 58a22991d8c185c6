// The text form of questions: what it means, how it is written back, and what is said about errors.
#include "shared/query/syntax.h"

#include "shared/base/file.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <random>
#include <string>
#include <string_view>

namespace logctl::query {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");

Query parsed(std::string_view text) {
  Query query;
  parse_text(text, kNow, query);
  return query;
}
std::string rewritten(std::string_view text) { return format_text(parsed(text)); }

std::string problem(std::string_view text) {
  try {
    parsed(text);
  } catch (const SyntaxError& error) {
    return error.message() + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "none";
}

TEST_CASE("query text: every form, and how it is written back", "[query]") {
  struct Case {
    std::string_view text;
    std::string_view back;
  };
  const Case cases[] = {
      {"", ""},
      {"  \t ", ""},
      {"timeout", "timeout"},
      {"timed out", "timed out"},
      {"\"timed out\"", "\"timed out\""},
      {R"("a \"quote\" \\")", R"("a \"quote\" \\")"},
      {"\"or\" \"-x\" \"a*\"", "\"or\" \"-x\" \"a*\""},
      {"/var/log and GET /index.html", R"("/var/log" GET "/index.html")"},
      {"service:api", "service:api"},
      {"service:\"a b\"", "service:\"a b\""},
      {"service=api", "service:api"},
      {"service!=api", "-service:api"},
      {"message:boom", "boom"},
      {"message=boom", "message=boom"},
      {"level>=warn", "level>=warn"},
      {"level<error level<=error level>info", "level<error level<=error level>info"},
      {"sequence_number>10", "sequence_number>10"},
      {"timestamp>=2026-01-15T10:00:00Z", "timestamp>=2026-01-15T10:00:00Z"},
      {"created_at<2026-01-15T10:00:00Z", "received_at<2026-01-15T10:00:00Z"},
      {"properties.latency_ms>250", "properties.latency_ms>250"},
      {"properties.geo.city:Bonn", "properties.geo.city:Bonn"},
      {R"(properties."http.method":GET)", R"(properties."http.method":GET)"},
      {R"(properties."a b"."q\"\\".c>1)", R"(properties."a b"."q\"\\".c>1)"},
      {R"(-properties."plain":*)", "-properties.plain:*"},
      {R"(properties."":x)", R"(properties."":x)"},
      {"service:\">x\" service:x>y", "service:\">x\" service:x>y"},
      {"service:>*", "service:>*"},
      {"priority:high", "priority:high"},
      {"user_id:u-*", "user_id:u-*"},
      {"user_id:\"u-*\"", "user_id:\"u-*\""},
      {"user_id:*", "user_id:*"},
      {"event_name:a*b*", "event_name:a*b*"},
      {"/time.*out/", "/time.*out/"},
      {"/refused/i or x", "(/refused/i or x)"},
      {"message:/^GET/", "/^GET/"},
      {R"(host:/^web-\d+$/i -service:/a\/b\ c/)", R"(host:/^web-\d+$/i -service:/a\/b\ c/)"},
      {"properties.path:(/^x/ or y)", "(properties.path:/^x/ or properties.path:y)"},
      {"properties.path:/api/v1", R"(properties.path:"/api/v1")"},
      {"//", R"("//")"},
      {"/a/b/", R"("/a/b/")"},
      {"/(a|b)/", "/(a|b)/"},
      {"(/a/)", "/a/"},
      {"message=/a/", R"(message="/a/")"},
      {"level:(warn or error)", "(level:warn or level:error)"},
      {"level:(warn)", "level:warn"},
      {"a or b c", "(a or (b c))"},
      {"(a or b) c", "(a or b) c"},
      {"(a b) c", "a b c"},
      {"a OR b or (c or d)", "(a or b or c or d)"},
      {"a AND b", "a b"},
      {"-a", "-a"},
      {"not a", "-a"},
      {"NOT -a", "--a"},
      {"-(a or b)", "-(a or b)"},
      {"-(a b)", "-(a b)"},
      {"x -service:api", "x -service:api"},
      {"since:2h", "since:2026-01-15T10:00:00Z"},
      {"boom until:2026-01-15T11:00:00Z since:1d",
       "boom since:2026-01-14T12:00:00Z until:2026-01-15T11:00:00Z"},
      {"(since:2h boom)", "boom since:2026-01-15T10:00:00Z"},
      {"(a or b) since:2h", "(a or b) since:2026-01-15T10:00:00Z"},
      {"level:(warn or error) since:2h", "(level:warn or level:error) since:2026-01-15T10:00:00Z"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(rewritten(c.text) == c.back);
    CHECK(parsed(c.back).filters == parsed(c.text).filters);
  }
}

TEST_CASE("query text: what it becomes", "[query]") {
  const Query query = parsed("boom level>=warn -service:api properties.tags.provider:x* since:1h");
  REQUIRE(query.filters.size() == 4);
  CHECK(query.filters[0] == Filter{Field::message, Op::contains, "boom", {}});
  CHECK(query.filters[1] == Filter{Field::level, Op::at_least, "warn", {}});
  CHECK(query.filters[2] ==
        Filter{{}, Op::none_of, "", {}, {Filter{Field::service, Op::equal, "api", {}}}});
  CHECK(query.filters[3] == Filter{{}, Op::like, "x*", {"tags", "provider"}});
  CHECK(query.since == kNow - std::chrono::hours(1));
  CHECK_FALSE(query.until);
  CHECK(parsed(R"(user_id:a\b*)").filters[0].value == R"(a\\b*)");
}

TEST_CASE("query text: an error points into the text and says what to write", "[query]") {
  struct Case {
    std::string_view text;
    std::string_view problem;
  };
  const Case cases[] = {
      {"servce:api", "column 1: unknown field 'servce' | did you mean 'service'?"},
      {"x http://a",
       "column 3: unknown field 'http' | a name inside properties is written properties.http; "
       "quotes make it a text to look for in the message"},
      {"http.method:GET",
       "column 1: unknown field 'http.method' | a name inside properties is written "
       "properties.http.method or properties.\"http.method\"; quotes make it a text to look for in "
       "the message"},
      {"properties_x:1", "column 1: unknown field 'properties_x' | did you mean 'properties.'?"},
      {"SERVICE:x", "column 1: unknown field 'SERVICE' | did you mean 'service'?"},
      {"msg:x", "column 1: unknown field 'msg' | did you mean 'message'?"},
      {"severity>=warn", "column 1: unknown field 'severity' | did you mean 'level'?"},
      {"user:x", "column 1: unknown field 'user' | did you mean 'user_id'?"},
      {"sinec:2h", "column 1: unknown field 'sinec' | did you mean 'since'?"},
      {"propertes.latency_ms>1",
       "column 1: unknown field 'propertes.latency_ms' | did you mean 'properties.latency_ms'?"},
      {"metadata.a.b:1", "column 1: unknown field 'metadata.a.b' | did you mean 'properties.a.b'?"},
      {"Größe servce:api", "column 7: unknown field 'servce' | did you mean 'service'?"},
      {"😀 (日本 or", "column 9: expected something to look for, found the end"},
      {"日本 host:/ä(/", "column 11: this '(' is never closed | \\( is the sign itself"},
      {"ü service:(a b)", "column 14: expected 'or' or ')' | the list begins at column 11"},
      {"properties.n:>250",
       "column 14: '>' behind a ':' | write properties.n>250, or quotes around a text that begins "
       "so"},
      {"level:>=warn",
       "column 7: '>=' behind a ':' | write level>=warn, or quotes around a text that begins so"},
      {"service:>3", "column 9: '>' behind a ':' | put quotes around a text that begins so"},
      {"service:=", "column 9: '=' behind a ':' | put quotes around a text that begins so"},
      {"properties.n:!=5",
       "column 14: '!=' behind a ':' | write properties.n!=5, or quotes around a text that begins "
       "so"},
      {"priority:HIGH",
       "column 10: priority: expected one of normal, high, found 'HIGH' | did you mean 'high'?"},
      {"priority:hihg",
       "column 10: priority: expected one of normal, high, found 'hihg' | did you mean 'high'?"},
      {"id:x", "column 4: expected the `id` of a record, as answers give it"},
      {"id>x", "column 1: expected id:ID"},
      {"id:(a or b)", "column 1: expected id:ID | of several: id:ID or id:ID"},
      {"properties.\"a:1", "column 12: this quote is never closed"},
      {"a or", "column 5: expected something to look for, found the end"},
      {"or a",
       "column 1: expected something to look for, found 'or' | quotes make it a word to "
       "look for"},
      {"a and and b",
       "column 7: expected something to look for, found 'and' | quotes make it a "
       "word to look for"},
      {"a and", "column 6: expected something to look for, found the end"},
      {"(a and) b", "column 7: expected something to look for, found ')'"},
      {"user_id:u-\"x\"",
       "column 11: a quote in the middle of a word | put all of the value into quotes"},
      {"level>=(warn or error)", "column 8: a list of values goes with ':' only"},
      {"level>=wran",
       "column 8: level: expected a level such as INFO or ERROR, found `wran`, did you mean WARN?"},
      {"not", "column 4: expected something to look for, found the end"},
      {"()", "column 2: expected something to look for, found ')'"},
      {"a (b or c", "column 3: this '(' is never closed"},
      {"a)", "column 2: this ')' closes nothing"},
      {"\"abc", "column 1: this quote is never closed"},
      {"service:", "column 9: expected a value, found nothing"},
      {"level:loud", "column 7: level: expected a level such as INFO or ERROR, found `loud`"},
      {"level:(warn error)", "column 13: expected 'or' or ')' | the list begins at column 7"},
      {"level:(warn or", "column 15: expected a value, found nothing"},
      {"service>3", "column 9: service is text, which is not compared by order"},
      {"properties.n>x", "column 14: properties.n: expected a number, found `x`"},
      {"properties.n>inf", "column 14: properties.n: expected a number, found `inf`"},
      {"properties.:x", "column 1: 'properties.' holds an empty name"},
      {"sequence_number:x", "column 17: sequence_number: expected an integer, found `x`"},
      {"timestamp:*x", "column 11: timestamp is not text and cannot be searched for a part of it"},
      {"time*out",
       "column 5: a * stands for any text only in field:value | \"time*out\" looks for "
       "the star itself"},
      {"since:soon",
       "column 7: since: expected a duration before now such as 2h, or an RFC 3339 "
       "time, found 'soon'"},
      {"since>2h", "column 1: expected since:TIME"},
      {"since:2h since:1h", "column 10: since was given twice"},
      {"since:1h until:2h", "column 10: the end lies before the start"},
      {"a or since:2h",
       "column 6: since: and until: bound the whole question, and cannot stand in "
       "a part of it"},
      {"-(a since:2h)",
       "column 5: since: and until: bound the whole question, and cannot stand in "
       "a part of it"},
      {"a /b(c/", R"(column 5: this '(' is never closed | \( is the sign itself)"},
      {R"(host:/a\1/)", R"(column 8: '\1' refers back, which is not known in both stores)"},
      {"/timed out/",
       R"(column 1: a regular expression holds no blank | write \s or "\ " for it, or quotes around a text that is none)"},
      {"sequence_number:/1/",
       "column 17: sequence_number is not text and cannot be searched for a part of it"},
      {"\xff", "column 1: expected UTF-8 text without NUL, found other bytes"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(problem(c.text) == c.problem);
  }
  CHECK(problem(std::string(100, '(')) == "column 42: nested too deeply");
  std::string many;
  for (int i = 0; i < 201; ++i) many += "a ";
  CHECK(problem(many) == "column 401: more than 200 terms");
}

TEST_CASE("query text: a record by its public id", "[query]") {
  const Cursor key{*parse_rfc3339("2026-01-15T10:00:00.5Z"), "order:7 \"x\""};
  const Query query = parsed("id:" + format_cursor(key));
  REQUIRE(query.filters.size() == 2);
  CHECK(query.filters[0] == Filter{Field::timestamp, Op::equal, "2026-01-15T10:00:00.5Z", {}});
  CHECK(query.filters[1] == Filter{Field::event_id, Op::equal, key.event_id, {}});
  CHECK(parsed(format_text(query)).filters == query.filters);
  CHECK(parsed("-id:" + format_cursor(key)).filters.front().op == Op::none_of);
}

// A random question, as a tree.
Filter random_filter(std::mt19937& random, int depth) {
  static const std::string kWords[] = {
      "a",   "or", "NOT", "-x",  "two words", "q\"uote",         "b\\s",
      "x:y", "*",  "(",   "ä€😀", "1.5",       "https://h/p?q=1", ">=2",
      "a.b", "/p", "!=",  "!x"};
  static const Field kTexts[] = {Field::service, Field::user_id, Field::host, Field::message};
  const auto word = [&] { return kWords[random() % std::size(kWords)]; };
  Filter filter;
  if (depth > 0 && random() % 3 == 0) {
    constexpr Op kGroups[] = {Op::any_of, Op::all_of, Op::none_of};
    filter.op = kGroups[random() % 3];
    const std::size_t parts = filter.op == Op::none_of ? 1 : 2 + random() % 2;
    while (filter.parts.size() < parts) {
      Filter part = random_filter(random, depth - 1);
      if (part.op != filter.op || filter.op == Op::none_of) filter.parts.push_back(std::move(part));
    }
    return filter;
  }
  if (random() % 4 == 0) filter.path = {"a", random() % 2 == 0 ? "b-c" : word()};
  filter.field = filter.path.empty() ? kTexts[random() % 4] : Field{};
  switch (random() % 4) {
    case 0:
      filter.op = Op::exists;
      return filter;
    case 1:
      filter.op = Op::like;
      filter.value = "pre*mid*";
      return filter;
    case 2:
      if (filter.path.empty() && filter.field == Field::message) {
        filter.op = Op::contains;
        filter.value = word();
        return filter;
      }
      if (filter.path.empty()) filter.field = Field::sequence_number;
      filter.op = Op::more;
      filter.value = std::to_string(random() % 1000);
      return filter;
    default:
      filter.value = word();
      return filter;
  }
}

TEST_CASE("query text: what is written is read back as it was", "[query]") {
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    Query query;
    for (std::size_t n = 1 + random() % 3; n > 0; --n) {
      Filter filter = random_filter(random, 3);
      if (filter.op != Op::all_of) query.filters.push_back(std::move(filter));
    }
    const std::string text = format_text(query);
    INFO(text);
    CHECK(parsed(text).filters == query.filters);
  }
}

// Every `...` at the start of a table row in the page.
TEST_CASE("query text: the examples of docs/query.md are read", "[query]") {
  const std::string page = read_file(LOGCTL_SOURCE_DIR "/docs/query.md");
  std::size_t examples = 0;
  for (std::size_t at = page.find("\n| `"); at != std::string::npos; at = page.find("\n| `", at)) {
    at += 4;
    const std::string example = page.substr(at, page.find('`', at) - at);
    INFO(example);
    CHECK(problem(example) == "none");
    ++examples;
  }
  CHECK(examples >= 15);
}

}  // namespace
}  // namespace logctl::query
