#include "shared/query/match.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/property.h"
#include "shared/query/syntax.h"
#include "tests/support/catch.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {
namespace {

const Timestamp kNoon = *parse_rfc3339("2026-03-10T12:00:00Z");

Query question(std::string_view text) {
  Query query;
  parse_text(text, kNoon, query);
  return query;
}

LogRecord sample() {
  LogRecord record;
  record.timestamp = kNoon;
  record.received_at = kNoon + seconds(1);
  record.event_id = "e-1";
  record.service = "api";
  record.level = Level::warning;
  record.message = "GET /index [200] 50% Größe";
  record.user_id = "u-1*";
  record.sequence_number = 7;
  record.properties =
      R"({"ms": 1.5e2, "price": 1.10, "s": "300", "geo": {"city": "K\u00f6ln", "n": null},)"
      R"( "list": [1], "ok": true, "twice": 1, "twice": 2, "a\"b": "quoted", "id": 9007199254740993})";
  return record;
}

TEST_CASE("match: a record is found by what it holds", "[query]") {
  const LogRecord record = sample();
  for (const std::string_view text : {"",
                                      "index",
                                      "INDEX get",
                                      "\"50%\"",
                                      "größe",
                                      "GRößE",
                                      "nothing or index",
                                      "service:api",
                                      "service:(web or api)",
                                      "service:a*",
                                      "service:*p*",
                                      "service:*",
                                      "-service:web",
                                      "-host:web",
                                      "-host:*",
                                      "user_id:\"u-1*\"",
                                      "user_id:u-*",
                                      "message:*[200]*",
                                      "level:warn",
                                      "level:WARNING",
                                      "level>=notice",
                                      "level<error",
                                      "level>info",
                                      "level:*",
                                      "sequence_number:7",
                                      "sequence_number>=7 sequence_number<8",
                                      "sequence_number>-1",
                                      "timestamp:2026-03-10T12:00:00Z",
                                      "timestamp<2026-03-10T12:00:00.000001Z",
                                      "received_at>2026-03-10T12:00:00Z",
                                      "priority:normal",
                                      "properties.ms:150",
                                      "properties.ms:1.5e2",

                                      "properties.ms:15*",
                                      "properties.ms>149.99 properties.ms<=150",
                                      "properties.price:1.10",
                                      "properties.price:*.10",
                                      "properties.s:300",
                                      "properties.geo.city:Köln",
                                      "properties.geo.city:*ln",
                                      "properties.geo:*",
                                      "properties.list:*",
                                      "properties.ok:true",
                                      "properties.twice:2",
                                      "properties.id:9007199254740993",
                                      "-properties.missing:x",
                                      "-properties.geo.city:Bonn",
                                      "since:2026-03-10T12:00:00Z",
                                      "until:2026-03-10T12:00:01Z"}) {
    INFO(text);
    CHECK(Matcher(question(text)).matches(record));
  }
}

TEST_CASE("match: a record is not found by anything else", "[query]") {
  const LogRecord record = sample();
  for (const std::string_view text : {"refused",
                                      "-index",
                                      "GRÖßE",
                                      "service:ap",
                                      "service:API",
                                      "service:A*",
                                      "host:*",
                                      "host:web",
                                      "user_id:u-*2",
                                      "level:error",
                                      "level>warn",
                                      "level<warn",
                                      "level:WARN*i",
                                      "sequence_number>7",
                                      "sequence_number:8",
                                      "timestamp>2026-03-10T12:00:00Z",
                                      "properties.ms:1.5e3",
                                      "properties.price:1.1",
                                      "properties.ms>150",
                                      "properties.ms:x",
                                      "properties.s>1",
                                      "properties.s:300.0",
                                      "properties.geo.n:*",
                                      "properties.geo:{*",
                                      "properties.list:[1]",
                                      "properties.list.0:1",
                                      "properties.ok.x:1",
                                      "properties.twice:1",
                                      "properties.ok:True",
                                      "properties.id:9007199254740992",
                                      "-properties.geo.city:Köln",
                                      "since:2026-03-10T12:00:00.000001Z",
                                      "until:2026-03-10T12:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(Matcher(question(text)).matches(record));
  }
}

TEST_CASE("match: patterns", "[query]") {
  struct Case {
    std::string_view pattern;
    std::string_view text;
    bool fits;
  };
  const Case cases[] = {
      {"*", "x", true},         {"a*", "a", true},           {"*a", "ba", true},
      {"a*a", "a", false},      {"a*a", "aa", true},         {"a*b*c", "aXbYc", true},
      {"a*b*c", "acb", false},  {"*ab*ab*", "abab", true},   {"*ab*ab*", "ab", false},
      {R"(a\*)", "a*", true},   {R"(a\*)", "ab", false},     {R"(a\\*)", R"(a\b)", true},
      {R"(a\)", R"(a\)", true}, {"[a]_%?*", "[a]_%?", true}, {"_", "x", false},
      {"a*", "Abc", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.pattern, c.text);
    Query query;
    query.filters.push_back({Field::message, Op::like, std::string(c.pattern), {}});
    LogRecord record;
    record.message = c.text;
    CHECK(Matcher(query).matches(record) == c.fits);
  }
}

TEST_CASE("match: only rows of the asked tenant and inside its view", "[query]") {
  LogRecord record = sample();
  Query query;
  bind(query, View("acme", {{Field::service, Op::equal, "api", {}}}));
  const Matcher acme(query);
  CHECK_FALSE(acme.matches(record));
  record.tenant = "acme";
  CHECK(acme.matches(record));
  record.service = "web";
  CHECK_FALSE(acme.matches(record));
  record.tenant = "";
  CHECK(Matcher(Query{}).matches(record));
}

TEST_CASE("match: absent fields satisfy only what is denied", "[query]") {
  const LogRecord empty{};
  for (const std::string_view field : {"service", "level", "message", "host", "sequence_number"}) {
    CAPTURE(field);
    const std::string name(field);
    const std::string value = field == "level" ? "info" : field == "sequence_number" ? "0" : "x";
    CHECK_FALSE(Matcher(question(name + ":*")).matches(empty));
    CHECK_FALSE(Matcher(question(name + ":" + value)).matches(empty));
    CHECK(Matcher(question("-" + name + ":" + value)).matches(empty));
    CHECK(Matcher(question("-(" + name + ":" + value + " or host:y)")).matches(empty));
    CHECK_FALSE(Matcher(question("--" + name + ":" + value)).matches(empty));
  }
}

TEST_CASE("match: names of properties are taken as they are", "[query]") {
  const LogRecord record = sample();
  Query query;
  query.filters.push_back({{}, Op::equal, "quoted", {"a\"b"}});
  CHECK(Matcher(query).matches(record));
  using Kind = Property::Kind;
  const std::string path[] = {"x"};
  CHECK(find_property("", path).kind == Kind::absent);
  CHECK(find_property("{", path).kind == Kind::absent);
  CHECK(find_property(R"({"x":})", path).kind == Kind::absent);
  CHECK(find_property(R"({"x":{}})", path).kind == Kind::container);
  CHECK(find_property(R"({"x": -12 , "y":1})", path).text == "-12");
}

TEST_CASE("match: what cannot be asked is refused in the store's words", "[query]") {
  Query query;
  query.filters.push_back({Field::level, Op::equal, "loud", {}});
  try {
    const Matcher matcher(query);
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::validation_error);
    CHECK(error.message() == "level: expected a level such as INFO or ERROR, found `loud`");
  }
}

}  // namespace
}  // namespace logctl::query
