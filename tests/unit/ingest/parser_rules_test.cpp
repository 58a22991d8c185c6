// What each rule refuses, and the words it uses.
#include "shared/ingest/json_text.h"
#include "tests/unit/ingest/parser_fixture.h"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace logctl;
using logctl::ingest::Dialect;
using logctl::test::ParserFixture;

namespace {

struct Row {
  std::string body, verdict;
};

void check(ParserFixture& f, Dialect dialect, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.body.substr(0, 200));
    CHECK(f.verdict(row.body, dialect) == row.verdict);
  }
}

std::string text(std::size_t size) { return std::string(size, 'x'); }

// A change66 event with further members.
std::string event(const std::string& members) {
  return R"({"event_type":"error","event_name":"n",)" + members + "}";
}
std::string entry(std::string_view service, std::string_view level, std::string_view message) {
  return fmt::format(
      R"({{"timestamp":"2026-01-15T11:00:00Z","service":{},"level":{},"message":{}}})", service,
      level, message);
}
std::string at(std::string_view timestamp) {
  return fmt::format(R"({{"message":"m","timestamp":{}}})", timestamp);
}

constexpr const char* kTime = R"(expected RFC 3339, such as "2026-01-15T10:30:00Z")";

}  // namespace

TEST_CASE("parser: the rules of change66", "[ingest]") {
  ParserFixture f;
  const std::string types = "behavioral, telemetry, observability, error, performance";
  check(f, Dialect::change66,
        {
            {R"({"event_type":"error","event_name":"n"})", ""},
            {event(R"("event_id":"e","priority":"high","sequence_number":-1)"), ""},
            {"{}", "event_type missing_field: missing, expected one of " + types},
            {R"({"event_type":null,"event_name":"n"})",
             "event_type missing_field: missing, expected one of " + types},
            {R"({"event_type":"","event_name":"n"})",
             "event_type missing_field: found \"\", expected one of " + types},
            {R"({"event_type":"Error","event_name":"n"})",
             "event_type unknown_value: found \"Error\", allowed are " + types},
            {R"({"event_type":7,"event_name":"n"})",
             "event_type wrong_type: found 7, expected a text"},
            {R"({"event_type":"error"})",
             "event_name missing_field: missing, expected a text of 1 to 100 bytes"},
            {R"({"event_type":"error","event_name":""})",
             "event_name missing_field: found \"\", expected a text of 1 to 100 bytes"},
            {R"({"event_type":"error","event_name":")" + text(100) + "\"}", ""},
            {R"({"event_type":"error","event_name":")" + text(101) + "\"}",
             "event_name too_long: found 101 bytes, at most 100 are allowed"},
            {event(R"("event_id":"")"),
             "event_id missing_field: found \"\", expected a text of 1 to 255 bytes"},
            {event(R"("event_id":")" + text(255) + "\""), ""},
            {event(R"("event_id":")" + text(256) + "\""),
             "event_id too_long: found 256 bytes, at most 255 are allowed"},
            {event(R"("user_id":")" + text(256) + "\""),
             "user_id too_long: found 256 bytes, at most 255 are allowed"},
            {event(R"("session_id":")" + text(256) + "\""),
             "session_id too_long: found 256 bytes, at most 255 are allowed"},
            {event(R"("app_version":")" + text(50) + "\""), ""},
            {event(R"("app_version":")" + text(51) + "\""),
             "app_version too_long: found 51 bytes, at most 50 are allowed"},
            {event(R"("host":["a"])"), R"(host wrong_type: found ["a"], expected a text)"},
            {event(R"("priority":"urgent")"),
             "priority unknown_value: found \"urgent\", allowed are normal, high"},
            {event(R"("priority":null,"user_id":null,"properties":null)"), ""},
            {event(R"("sequence_number":9223372036854775807)"), ""},
            {event(R"("sequence_number":9223372036854775808)"),
             "sequence_number bad_number: found 9223372036854775808, expected a whole number from "
             "-9223372036854775808 to 9223372036854775807"},
            {event(R"("sequence_number":1.5)"),
             "sequence_number bad_number: found 1.5, expected a whole number from "
             "-9223372036854775808 to 9223372036854775807"},
            {event(R"("sequence_number":"1")"),
             "sequence_number wrong_type: found \"1\", expected a whole number"},
            {event(R"("properties":[1, 2])"),
             "properties wrong_type: found [1, 2], expected an object"},
            {event(R"("metadata":"{}")"), "metadata wrong_type: found \"{}\", expected an object"},
            {event(R"("device_info":"phone")"),
             "device_info wrong_type: found \"phone\", expected an object"},
            {event(R"("timestamp":"yesterday")"),
             fmt::format("timestamp bad_timestamp: found \"yesterday\", {}", kTime)},
            {event(R"("timestamp":1768472000)"),
             fmt::format("timestamp wrong_type: found 1768472000, {}", kTime)},
        });
}

TEST_CASE("parser: the rules of cmd-log", "[ingest]") {
  ParserFixture f;
  check(f, Dialect::cmdlog,
        {
            {entry("\"api\"", "\"info\"", "\"m\""), ""},
            {R"({"service":"a","level":"INFO","message":"m"})",
             fmt::format("timestamp missing_field: missing, {}", kTime)},
            {R"({"timestamp":"0001-01-01T00:00:00Z","service":"a","level":"INFO","message":"m"})",
             fmt::format("timestamp missing_field: missing, {}", kTime)},
            {entry("\"\"", "\"info\"", "\"m\""),
             "service missing_field: found \"\", expected a text of 1 to 255 bytes"},
            {entry("null", "\"info\"", "\"m\""),
             "service missing_field: missing, expected a text of 1 to 255 bytes"},
            {entry("\"!?\"", "\"info\"", "\"m\""),
             "service missing_field: found \"!?\", expected at least one of A-Z a-z 0-9 _ -"},
            {entry('"' + text(256) + '"', "\"info\"", "\"m\""),
             "service too_long: found 256 bytes, at most 255 are allowed"},
            {entry("\"a\"", "null", "\"m\""),
             "level missing_field: missing, expected one of DEBUG, INFO, WARN, WARNING, ERROR, "
             "FATAL, CRITICAL"},
            {entry("\"a\"", "\"TRACE\"", "\"m\""),
             "level unknown_value: found \"TRACE\", allowed are DEBUG, INFO, WARN, WARNING, ERROR, "
             "FATAL, CRITICAL"},
            {entry("\"a\"", "\"info\"", "\"\""),
             "message missing_field: found \"\", expected a text"},
            {entry("\"a\"", "\"info\"", "\"\\u0001\\u0000\""),
             "message missing_field: found \"\", expected a text"},
            {entry("\"a\"", "\"info\"", '"' + text(10000) + '"'), ""},
            {entry("\"a\"", "\"info\"", '"' + text(10001) + '"'),
             "message too_long: found 10001 bytes, at most 10000 are allowed"},
            {R"({"log":)" + entry("\"a\"", "\"info\"", "\"m\"") + "}", ""},
            {R"({"log":5})", "malformed: found 5, expected an object"},
        });
}

TEST_CASE("parser: cmd-log cleans service and message", "[ingest]") {
  ParserFixture f;
  const Batch batch =
      f.one(entry(R"("my svc/é.1_-")", R"("Warning")", R"("a\u0000b\u0008c\td\ne\u001fé")"),
            Dialect::cmdlog);
  REQUIRE(batch.records.size() == 1);
  CHECK(batch.records[0].service == "mysvc1_-");
  CHECK(batch.records[0].message == "abc\td\neé");
  CHECK(level_name(batch.records[0].level) == "WARNING");
}

TEST_CASE("parser: the rules of the Log Aggregator", "[ingest]") {
  ParserFixture f;
  const std::string expected = ", expected an object or a text that holds one";
  check(
      f, Dialect::aggregator,
      {
          {R"({"message":"m"})", ""},
          {R"({"message":"m","level":"","metadata":"","timestamp":"0001-01-01T00:00:00Z"})", ""},
          {R"({"message":"m","metadata":" {\"a\": [1]} "})", ""},
          {R"({"host":"h"})", "message missing_field: missing, expected a text"},
          {R"({"message":"m","level":"loud"})",
           "level unknown_value: found \"loud\", allowed are TRACE, DEBUG, INFO, NOTICE, WARN, "
           "WARNING, ERROR, CRITICAL, FATAL"},
          {R"({"message":"m","metadata":"words"})",
           "metadata wrong_type: found \"words\"" + expected},
          {R"({"message":"m","metadata":"[1]"})", "metadata wrong_type: found \"[1]\"" + expected},
          {R"({"message":"m","metadata":"{\"a\":"})",
           "metadata wrong_type: found \"{\"a\":\"" + expected},
          {R"({"message":"m","metadata":"{} x"})",
           "metadata wrong_type: found \"{} x\"" + expected},
          {R"({"message":"m","metadata":"{\"a\":{\"b\":1e999999}}"})",
           "metadata.a.b bad_number: found 1e999999, " + std::string(logctl::ingest::kJsonbLimits)},
          {R"({"message":"m","metadata":5})", "metadata wrong_type: found 5, expected an object"},
      });
}

TEST_CASE("parser: the rules of native records", "[ingest]") {
  ParserFixture f;
  check(f, Dialect::native,
        {
            {R"({"message":"m"})", ""},
            {R"({"event_name":"n"})", ""},
            {R"({"level":"info"})",
             "message missing_field: missing, expected a text here or in event_name"},
            {R"({"message":"","event_name":""})",
             "message missing_field: found \"\", expected a text here or in event_name"},
            {R"({"message":"m","event_type":"","event_id":"","level":"","priority":""})", ""},
            {R"({"message":"m","event_type":"other"})",
             "event_type unknown_value: found \"other\", allowed are behavioral, telemetry, "
             "observability, error, performance"},
            {R"({"message":"m","level":30})", "level wrong_type: found 30, expected a text"},
            {R"({"message":"a\u0000b"})",
             R"(message invalid_text: found "\u0000b", NUL cannot be stored)"},
            {R"({"message":"a\ud83d"})",
             R"(message invalid_text: found "\ud83d", half of a surrogate pair; a pair such as )"
             R"(\ud83d\ude00 is expected)"},
            {R"({"mess\u0061ge":"m"})", ""},
            {"[1,2]", "malformed: found [1,2], expected an object"},
            {"\"text\"", "malformed: found \"text\", expected an object"},
        });
}

TEST_CASE("parser: what lies inside properties is checked and named by its path", "[ingest]") {
  ParserFixture f;
  const auto with = [](const std::string& value) {
    return R"({"message":"m","properties":{"a":[0,{"b":)" + value + "}]}}";
  };
  const std::string limits =
      "allowed are at most 131072 digits before the point and 16383 after it, of a number with an "
      "exponent 400 each once it is written out";
  check(f, Dialect::native,
        {
            {with("1e399"), ""},
            {with("1e131071"), "properties.a[1].b bad_number: found 1e131071, " + limits},
            {with("123456789012345678901234567890.50"), ""},
            {with("1e400000"), "properties.a[1].b bad_number: found 1e400000, " + limits},
            {with("[1,1e-20000]"), "properties.a[1].b[1] bad_number: found 1e-20000, " + limits},
            {with(text(0) + std::string(131073, '9')),
             "properties.a[1].b bad_number: found " + std::string(48, '9') + "..., " + limits},
            {with(R"("x\u0000")"),
             R"(properties.a[1].b invalid_text: found "\u0000", NUL cannot be stored)"},
            {with(R"({"c\u0000":1})"),
             R"(properties.a[1].b.c\u0000 invalid_text: found "\u0000", NUL cannot be stored)"},
            {with(R"("\udc00")"),
             R"(properties.a[1].b invalid_text: found "\udc00", half of a surrogate pair; a pair )"
             R"(such as \ud83d\ude00 is expected)"},
            {R"({"message":"m","device_info":{"n":1e999999}})",
             "device_info.n bad_number: found 1e999999, " + limits},
            {R"({"message":"m","other":{"n":1e999999}})",
             "other.n bad_number: found 1e999999, " + limits},
            {R"({"message":"m","other":1e999999})", "other bad_number: found 1e999999, " + limits},
            // The first violation in the text is the one that is told.
            {R"({"properties":{"n":1e999999},"message":5})",
             "properties.n bad_number: found 1e999999, " + limits},
        });
}

TEST_CASE("parser: nesting beyond the limit is refused, however deep", "[ingest]") {
  ParserFixture f;
  f.config.ingest.max_depth = 3;
  const std::string verdict =
      "too_deep: found more than 3 levels of nesting, at most 3 are allowed";
  check(f, Dialect::native,
        {
            {R"({"message":"m","properties":{"a":{"b":{}}}})", ""},
            {R"({"message":"m","properties":{"a":{"b":[[]]}}})", "properties.a.b[0] " + verdict},
            {R"({"message":"m","device_info":{"a":[[[]]]}})", "device_info.a[0][0] " + verdict},
            // An unknown key is a member of properties: one level more.
            {R"({"message":"m","x":[[]]})", ""},
            {R"({"message":"m","x":[[[]]]})", "x[0][0] " + verdict},
        });
  for (const std::size_t depth : {10'000UL, 500'000UL}) {
    f.config.ingest.max_depth = 32;
    f.config.ingest.max_record_bytes = 1 << 21;
    const std::string deep = R"({"message":"m","properties":{"a":)" + std::string(depth, '[') +
                             std::string(depth, ']') + "}}";
    const Batch batch = f.many("[{\"message\":\"1\"}," + deep + ",{\"message\":\"3\"}]");
    CHECK(batch.records.size() == 2);
    REQUIRE(batch.rejections.size() == 1);
    CHECK(batch.rejections[0].reason == Reason::too_deep);
    CHECK(batch.rejections[0].field.size() < 300);
  }
}

TEST_CASE("parser: timestamps in all their forms", "[ingest]") {
  ParserFixture f;
  const auto read = [&f](std::string_view timestamp) {
    const Batch batch = f.one(at(timestamp));
    REQUIRE(batch.records.size() == 1);
    return format_rfc3339(batch.records[0].timestamp);
  };
  CHECK(read(R"("2026-01-15T10:30:00.5+02:00")") == "2026-01-15T08:30:00.5Z");
  CHECK(read(R"("2026-01-15T\u0031\u0030:30:00Z")") == "2026-01-15T10:30:00Z");
  CHECK(read("1768472000") == "2026-01-15T10:13:20Z");
  CHECK(read("1768472000.25") == "2026-01-15T10:13:20.25Z");
  CHECK(read("1768472000123") == "2026-01-15T10:13:20.123Z");
  CHECK(read("1768472000123456") == "2026-01-15T10:13:20.123456Z");
  CHECK(read("1768472000123456789") == "2026-01-15T10:13:20.123456Z");
  CHECK(read("null") == "2026-01-15T12:00:00Z");
  CHECK(read("\"\"") == "2026-01-15T12:00:00Z");

  const std::string expected =
      R"(, expected RFC 3339, such as "2026-01-15T10:30:00Z", or a number since 1970)";
  check(
      f, Dialect::native,
      {
          {at("\"2026-02-30T10:30:00Z\""),
           "timestamp bad_timestamp: found \"2026-02-30T10:30:00Z\"" + expected},
          {at("\"2026-01-15\""), "timestamp bad_timestamp: found \"2026-01-15\"" + expected},
          {at("1e300"), "timestamp bad_timestamp: found 1e300" + expected},
          {at("true"), "timestamp wrong_type: found true" + expected},
          {at("\"0000-12-31T23:59:59Z\""),
           "timestamp bad_timestamp: found \"0000-12-31T23:59:59Z\", expected a time in the years "
           "1 to 9999"},
          {at("\"9999-12-31T23:59:59-01:00\""),
           "timestamp bad_timestamp: found \"9999-12-31T23:59:59-01:00\", expected a time in the "
           "years 1 to 9999"},
      });
}

TEST_CASE("parser: the time window", "[ingest]") {
  ParserFixture f;
  check(f, Dialect::native,
        {
            {at("\"0001-01-02T00:00:00Z\""), ""},
            {at("\"2026-01-15T13:00:00Z\""), ""},
            {at("\"2026-01-15T13:00:00.000001Z\""),
             "timestamp too_new: found 2026-01-15T13:00:00.000001Z, at most 1h ahead of "
             "2026-01-15T12:00:00Z is allowed (ingest.max_future)"},
        });
  f.config.ingest.max_age = std::chrono::hours(7 * 24);
  check(f, Dialect::native,
        {
            {at("\"2026-01-08T12:00:00Z\""), ""},
            {at("\"2026-01-08T11:59:59Z\""),
             "timestamp too_old: found 2026-01-08T11:59:59Z, at most 7d in the past is allowed "
             "(ingest.max_age)"},
        });
  f.config.retention.max_age = std::chrono::hours(24);
  check(f, Dialect::native,
        {{at("\"2026-01-14T11:59:59Z\""),
          "timestamp too_old: found 2026-01-14T11:59:59Z, at most 1d in the past is allowed (the "
          "retention)"}});
}

TEST_CASE("parser: a record over the limit is refused, whatever else is in it", "[ingest]") {
  ParserFixture f;
  f.config.ingest.max_record_bytes = 40;
  const auto sized = [](std::size_t size) {
    return R"({"message":"m","a":")" + text(size - 22) + "\"}";
  };
  check(f, Dialect::native,
        {{sized(40), ""},
         {sized(41), "too_large: found a record of 41 bytes, at most 40 are allowed"}});
  // The limit of a line counts its carriage return.
  const Batch batch = f.lines(sized(41) + "\n" + sized(40) + "\n" + text(300'000) + "\n" +
                              sized(40) + "\n" + text(41) + "\n" + sized(39) + "\r\n");
  std::string seen;
  for (const LogRecord& r : batch.records) seen += std::to_string(r.index) + ' ';
  for (const Rejection& r : batch.rejections) {
    seen += fmt::format("{}: {} {}; ", r.index, reason_name(r.reason), r.message);
  }
  CHECK(seen ==
        "1 3 5 0: too_large found a line of 41 bytes, at most 40 are allowed; "
        "2: too_large found a line of 300000 bytes, at most 40 are allowed; "
        "4: too_large found a line of 41 bytes, at most 40 are allowed; ");
}

TEST_CASE("parser: ids are assigned, and an id without a time is remembered as such", "[ingest]") {
  ParserFixture f;
  const Batch batch = f.lines(
      "{\"message\":\"1\"}\n{\"message\":\"2\",\"event_id\":\"e\"}\n"
      "{\"message\":\"3\",\"event_id\":\"e\",\"timestamp\":1768472000}\n{\"message\":\"4\"}");
  REQUIRE(batch.records.size() == 4);
  CHECK(batch.records[0].event_id.size() == 36);
  CHECK(batch.records[0].event_id[14] == '7');
  CHECK(batch.records[0].event_id != batch.records[3].event_id);
  CHECK_FALSE(batch.records[0].dedup_by_id);
  CHECK(batch.records[1].dedup_by_id);
  CHECK(batch.records[1].timestamp == f.clock.now());
  CHECK_FALSE(batch.records[2].dedup_by_id);
}
