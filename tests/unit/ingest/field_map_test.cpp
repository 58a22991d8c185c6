#include "shared/ingest/field_map.h"

#include "shared/base/error.h"
#include "tests/unit/ingest/parser_fixture.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace logctl;
using Texts = std::vector<std::string>;

namespace {

struct MapFixture : test::ParserFixture {
  ingest::Rules rules{config};

  void map(const Texts& maps, const Texts& defaults = {}) {
    rules.field_map = ingest::FieldMap(maps, defaults);
  }
  Batch read(const std::string& line) {
    ingest::Parser parser(std::make_shared<const ingest::Rules>(rules), clock);
    return parser.parse_lines(line, "default");
  }
  // The only rejection, as `field reason: message`.
  std::string verdict(const std::string& line) {
    const Batch batch = read(line);
    REQUIRE(batch.rejections.size() == 1);
    const Rejection& r = batch.rejections[0];
    return r.field + " " + std::string(reason_name(r.reason)) + ": " + r.message;
  }
};

std::string usage(const Texts& maps, const Texts& defaults = {}) {
  try {
    const ingest::FieldMap map(maps, defaults);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
  }
  return "taken";
}

}  // namespace

TEST_CASE("field map: foreign keys become fields and leave the properties", "[ingest]") {
  MapFixture f;
  f.map({"timestamp=@t", "message=msg", "user_id=user.id", "service=app", "host=meta.node.name"});
  const Batch batch = f.read(
      R"({"@t":"2026-01-15T10:00:00Z","msg":"hi","user":{"id":42,"name":"Zoë"},"app":"shop",)"
      R"("meta":{"node":{"name":"n1"}},"n":1.50})");
  REQUIRE(batch.records.size() == 1);
  const LogRecord& r = batch.records[0];
  CHECK(r.timestamp == *parse_rfc3339("2026-01-15T10:00:00Z"));
  CHECK(r.message == "hi");
  CHECK(r.user_id == "42");
  CHECK(r.service == "shop");
  CHECK(r.host == "n1");
  CHECK(r.properties == R"({"user":{"name":"Zoë"},"meta":{"node":{}},"n":1.50})");
}

TEST_CASE("field map: whatever is moved or dropped, the rest stays JSON", "[ingest]") {
  MapFixture f;
  f.map({"user_id=o.id", "host=o.host", "service=o.in.service", "message=m"});
  const auto [object, rest] = GENERATE(
      std::pair{R"({"id":"u"})", R"({})"}, std::pair{R"({"id":"u","a":1})", R"({"a":1})"},
      std::pair{R"({"a":1,"id":"u"})", R"({"a":1})"},
      std::pair{R"({"id":"u","host":"h","a":1})", R"({"a":1})"},
      std::pair{R"({"id":"u","password":"x","a":1})", R"({"a":1})"},
      std::pair{R"({"password":"x","id":"u","host":"h"})", R"({})"},
      std::pair{R"({"a":[1,{"id":2}],"host":"h","id":"u","b":{}})", R"({"a":[1,{"id":2}],"b":{}})"},
      std::pair{R"({"in":{"service":"s","password":"y"},"id":"u"})", R"({"in":{}})"},
      std::pair{R"({"in":[{"service":"s"}],"id":"u"})", R"({"in":[{"service":"s"}]})"});
  const Batch batch = f.read(std::string(R"({"m":"x","o":)") + object + "}");
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.records[0].user_id == "u");
  // An object of which nothing is left goes too.
  const bool left = std::string_view(rest) != "{}";
  CHECK(batch.records[0].properties == (left ? std::string(R"({"o":)") + rest + "}" : ""));
}

TEST_CASE("field map: an object that was emptied goes, one that came empty stays", "[ingest]") {
  MapFixture f;
  f.map({"user_id=user.id"});
  CHECK(f.read(R"({"message":"m","user":{ "id" : "u" },"n":1,"e":{}})").records.at(0).properties ==
        R"({"n":1,"e":{}})");
  CHECK(f.read(R"({"message":"m","user":{}})").records.at(0).properties == R"({"user":{}})");
}

TEST_CASE("field map: a field inside of the properties, and properties of another name",
          "[ingest]") {
  MapFixture f;
  f.map({"user_id=properties.uid"});
  CHECK(f.read(R"({"message":"m","properties":{"uid":"u","a":1}})").records.at(0).properties ==
        R"({"a":1})");
  f.map({"properties=ctx"});
  CHECK(f.read(R"({"message":"m","ctx":{"a":1},"b":2})").records.at(0).properties ==
        R"({"a":1,"b":2})");
}

TEST_CASE("field map: the own name of a mapped field is a key like any other", "[ingest]") {
  MapFixture f;
  f.map({"message=msg"});
  const Batch batch = f.read(R"({"message":{"not":"a text"},"msg":"hi"})");
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.records[0].message == "hi");
  CHECK(batch.records[0].properties == R"({"message":{"not":"a text"}})");
}

TEST_CASE("field map: what is dropped for its name is not read either", "[ingest]") {
  MapFixture f;
  f.map({"user_id=password.id", "message=m"});
  const Batch batch = f.read(R"({"m":"x","password":{"id":"secret"}})");
  CHECK(batch.records.at(0).user_id.empty());
}

TEST_CASE("field map: mapped values keep the rules of their field", "[ingest]") {
  MapFixture f;
  f.map({"timestamp=t", "message=a.m"});
  CHECK(f.verdict(R"({"t":"yesterday","a":{"m":"x"}})").starts_with("timestamp bad_timestamp:"));
  CHECK(f.verdict(R"({"a":{"m":{"x":1}}})") ==
        R"(message wrong_type: found {"x":1}, expected a text)");
  CHECK(f.verdict(R"({"a":{"m":null}})").starts_with("message missing_field:"));
  CHECK(f.read(R"({"t":1768471200,"a":{"m":"x"}})").records.at(0).timestamp ==
        *parse_rfc3339("2026-01-15T10:00:00Z"));
}

TEST_CASE("field map: defaults stand in for what is absent or empty", "[ingest]") {
  MapFixture f;
  f.map({}, {"service=shop", "level=warn", "timestamp=2026-01-15T10:00:00Z", "message=none"});
  const Batch batch = f.read(
      "{\"service\":\"\",\"a\":1}\n"
      R"({"service":"mine","level":"ERROR","timestamp":"2026-01-15T11:00:00Z","message":"m"})");
  REQUIRE(batch.records.size() == 2);
  CHECK(batch.records[0].service == "shop");
  CHECK(batch.records[0].level == Level::warn);
  CHECK(batch.records[0].message == "none");
  CHECK(batch.records[0].timestamp == *parse_rfc3339("2026-01-15T10:00:00Z"));
  CHECK(batch.records[1].service == "mine");
  CHECK(batch.records[1].level == Level::error);
  CHECK(batch.records[1].message == "m");
  CHECK(batch.records[1].timestamp == *parse_rfc3339("2026-01-15T11:00:00Z"));
}

TEST_CASE("field map: what makes no sense is told", "[ingest]") {
  CHECK(usage({"mesage=m"}) == "--map: there is no field 'mesage'; did you mean 'message'?");
  CHECK(usage({"message"}) ==
        "--map: found 'message', expected FIELD=PATH, such as timestamp=time");
  CHECK(usage({"message=a", "message=b"}) == "--map: field 'message' is mapped twice");
  CHECK(usage({"message=a..b"}) == "--map: 'message=a..b' has an empty key in its path");
  CHECK(usage({"properties=a.b"}) ==
        "--map: 'properties' can only be a key of the record itself, found 'a.b'");
  CHECK(usage({}, {"properties={}"}) == "--defaults: 'properties' cannot have a default");
  CHECK(usage({}, {"level=loud"}) == "--defaults: level: 'loud' is no level");
  CHECK(usage({}, {"priority=low"}) ==
        "--defaults: priority: found 'low', allowed are normal, high");
  CHECK(usage({}, {"host=a", "host=b"}) == "--defaults: field 'host' is given twice");
  CHECK_THAT(usage({}, {"timestamp=now"}),
             Catch::Matchers::StartsWith("--defaults: timestamp: found 'now', expected RFC"));
  CHECK_THAT(usage({"zzzzzzzzzzzz=a"}), Catch::Matchers::Contains("; the fields are app_version"));
}

TEST_CASE("parser: lines with a place get ids that always come out the same", "[ingest]") {
  MapFixture f;
  ingest::Parser parser(std::make_shared<const ingest::Rules>(f.rules), f.clock);
  const auto ids = [&](const std::string& text, const ingest::LinePlace& place) {
    const Batch batch = parser.parse_lines(text, "default", 0, &place);
    std::vector<std::string> result;
    for (const LogRecord& record : batch.records) result.emplace_back(record.event_id);
    return result;
  };
  const std::string a = "{\"message\":\"a\"}\n";
  const std::string b = "  {\"message\":\"b\"}\n";
  const auto whole = ids(a + b, {"import", 0});
  REQUIRE(whole.size() == 2);
  CHECK(ids(a + b, {"import", 0}) == whole);
  CHECK(ids(b, {"import", a.size()}) == std::vector{whole[1]});
  CHECK(ids(b, {"import", a.size() + 1}) != std::vector{whole[1]});
  CHECK(ids(b, {"another", a.size()}) != std::vector{whole[1]});
  CHECK(ids("  {\"message\":\"c\"}\n", {"import", a.size()}) != std::vector{whole[1]});
  CHECK(whole[0].size() == 36);
  CHECK(whole[0][14] == '8');
  const ingest::LinePlace place{"import", 0};
  const Batch batch =
      parser.parse_lines(a + R"({"message":"t","timestamp":"2026-01-15T10:00:00Z"})" + "\n" +
                             R"({"message":"own","event_id":"e"})",
                         "default", 0, &place);
  REQUIRE(batch.records.size() == 3);
  CHECK(batch.records[0].dedup_by_id);
  CHECK_FALSE(batch.records[1].dedup_by_id);
  CHECK(batch.records[2].event_id == "e");
}
