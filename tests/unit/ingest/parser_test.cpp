#include "shared/ingest/parser.h"

#include "shared/base/error.h"
#include "tests/unit/ingest/parser_fixture.h"

#include <fmt/format.h>

#include <random>
#include <string>
#include <vector>

using namespace logctl;
using logctl::ingest::Dialect;
using logctl::test::ParserFixture;

namespace {

constexpr std::string_view kFull =
    R"({"timestamp":"2026-01-15T10:30:00.123456Z","event_id":"e-1","service":"api","level":"warn",)"
    R"("message":"a \"quoted\" line","event_type":"error","event_name":"failed","user_id":"u",)"
    R"("session_id":"s","app_version":"1.2","host":"h","trace_id":"t","span_id":"p",)"
    R"("sequence_number":42,"priority":"high","properties":{"a":1,"b":[1.50,null,"x"]},)"
    R"("device_info":{"os":"linux"}})";

// The error that `call` throws, as `name: message`.
template <typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return std::string(info(error.code()).name) + ": " + error.message();
  }
  return "no error";
}

}  // namespace

TEST_CASE("parser: every field of a record arrives", "[ingest]") {
  ParserFixture f;
  const Batch batch = f.one(std::string(kFull));
  REQUIRE(batch.records.size() == 1);
  const LogRecord& r = batch.records[0];
  CHECK(format_rfc3339(r.timestamp) == "2026-01-15T10:30:00.123456Z");
  CHECK(r.received_at == f.clock.now());
  CHECK(r.event_id == "e-1");
  CHECK(r.tenant == "default");
  CHECK(r.service == "api");
  CHECK(r.level == Level::warn);
  CHECK(r.message == "a \"quoted\" line");
  CHECK(r.event_type == "error");
  CHECK(r.event_name == "failed");
  CHECK(r.user_id == "u");
  CHECK(r.session_id == "s");
  CHECK(r.app_version == "1.2");
  CHECK(r.host == "h");
  CHECK(r.trace_id == "t");
  CHECK(r.span_id == "p");
  CHECK(r.sequence_number == 42);
  CHECK(r.priority == "high");
  CHECK(r.properties == R"({"a":1,"b":[1.50,null,"x"]})");
  CHECK(r.device_info == R"({"os":"linux"})");
  CHECK_FALSE(r.dedup_by_id);
}

TEST_CASE("parser: a bad line costs no good one", "[ingest]") {
  ParserFixture f;
  const Batch batch = f.lines(
      "\xEF\xBB\xBF{\"message\":\"1\"}\r\n\n{\"message\":\n{\"message\":\"4\"}\n"
      "{\"message\":\"\xff\"}\n{\"message\":\"6\"}x\n{\"message\":\"7\"}\n"
      "{\"message\":\"open\n  \n{\"message\":\"10\"}",
      100);
  std::string seen;
  for (const LogRecord& r : batch.records) seen += fmt::format("{}={} ", r.index, r.message);
  CHECK(seen == "100=1 103=4 106=7 109=10 ");
  seen.clear();
  for (const Rejection& r : batch.rejections) {
    seen += fmt::format("{} {}: {}\n", r.index, reason_name(r.reason), r.message);
  }
  CHECK(seen ==
        "102 malformed: byte 11: found the end, expected a JSON value\n"
        "104 invalid_utf8: byte 12: found 0xff, expected UTF-8\n"
        "105 malformed: byte 15: found 'x', expected the end of the line\n"
        "107 malformed: byte 11: found '\"', expected a closing quote for this string\n");
  CHECK(batch.received == 8);
}

TEST_CASE("parser: lines that look into each other are told apart", "[ingest]") {
  ParserFixture f;
  const auto taken = [&f](std::string body) {
    std::string seen;
    const Batch batch = f.lines(std::move(body));
    for (const LogRecord& r : batch.records) seen += std::to_string(r.index);
    seen += '|';
    for (const Rejection& r : batch.rejections) seen += std::to_string(r.index);
    CHECK(batch.received == batch.records.size() + batch.rejections.size());
    return seen;
  };
  const std::string good = "{\"message\":\"m\"}";
  CHECK(taken("") == "|");
  CHECK(taken("\n\n \r\n") == "|");
  CHECK(taken(good) == "0|");
  CHECK(taken(good + "\n" + good + "\n") == "01|");
  CHECK(taken("{\"message\":\"m\"\n}\n" + good) == "2|01");
  CHECK(taken("{\"message\":\n\"m\"}\n" + good) == "2|01");
  CHECK(taken("{\"message\":\"m\",\n\"a\":1}\n" + good) == "2|01");
  CHECK(taken("{\"message\":\"m\"\n,\"a\":1}\n" + good) == "2|01");
  CHECK(taken("{\"a\":[1\n,2]}\n" + good) == "2|01");
  CHECK(taken("{\"a\":[\n]}\n" + good) == "2|01");
  CHECK(taken("{\n}\n" + good) == "2|01");
  CHECK(taken("{\"a\"\n:1}\n" + good) == "2|01");
  CHECK(taken("}\n" + good + "\n]\n" + good) == "13|02");
  CHECK(taken(good + good + "\n" + good) == "1|0");
  CHECK(taken("\"\n" + good + "\n\"") == "1|02");
  CHECK(taken("{\"message\":\"a\\\n" + good) == "1|0");
  CHECK(taken("\\\"\n" + good) == "1|0");
  CHECK(taken("null\n1\n[]\n" + good) == "3|012");
}

TEST_CASE("parser: many lines in many pieces keep their numbers", "[ingest]") {
  ParserFixture f;
  std::string body;
  std::size_t bad = 0;
  for (int i = 0; i < 20000; ++i) {
    // Some broken lines spoil the index of a whole piece, others only their own.
    if (i % 1999 == 5) {
      body += "{\"message\":\"open\n";
      ++bad;
    } else if (i % 997 == 3) {
      body += "{]\n";
      ++bad;
    } else {
      body += fmt::format("{{\"message\":\"{}\",\"a\":\"{}\"}}\n", i, std::string(i % 50, 'x'));
    }
  }
  const Batch batch = f.lines(body, 7);
  CHECK(batch.rejections.size() == bad);
  REQUIRE(batch.records.size() == 20000 - bad);
  for (const LogRecord& r : batch.records) {
    if (r.message != std::to_string(r.index - 7)) FAIL(r.index);
  }
}

TEST_CASE("parser: batches of either shape", "[ingest]") {
  ParserFixture f;
  for (const char* body : {
           R"([{"message":"1"},{"message":"2"}])",
           R"( {"logs":[{"message":"1"},{"message":"2"}]} )",
           R"({"source":{"a":[1]},"logs":[{"message":"1"},{"message":"2"}],"n":null})",
           R"({"log":[{"message":"1"},{"message":"2"}]})",
           R"({"log":{"message":"1"},"logs":[{"message":"2"}]})",
           "\xEF\xBB\xBF[{\"message\":\"1\"},{\"message\":\"2\"}]",
       }) {
    CAPTURE(body);
    const Batch batch = f.many(body);
    REQUIRE(batch.records.size() == 2);
    CHECK(batch.received == 2);
    CHECK(batch.records[0].message == "1");
    CHECK(batch.records[1].message == "2");
    CHECK(batch.records[1].index == 1);
  }
}

TEST_CASE("parser: a bad element costs no good one, wherever it stands", "[ingest]") {
  ParserFixture f;
  struct Row {
    std::string element;
    Reason reason;
  };
  for (const Row& row : {
           Row{"5", Reason::malformed},
           Row{"null", Reason::malformed},
           Row{"[{\"message\":\"m\"}]", Reason::malformed},
           Row{"\"text\"", Reason::malformed},
           Row{"{}", Reason::missing_field},
           Row{"{\"message\":[]}", Reason::wrong_type},
           Row{"{\"message\":\"\xC3(\"}", Reason::invalid_utf8},
           Row{"{\"message\":\"m\",\"\xFF\":1}", Reason::invalid_utf8},
           Row{"{\"message\":\"\xED\xA0\x80\"}", Reason::invalid_utf8},
           Row{"{\"message\":\"\\u0000\"}", Reason::invalid_text},
           Row{"{\"message\":\"m\",\"x\":1e999999}", Reason::bad_number},
           Row{"{\"message\":\"m\",\"timestamp\":\"x\"}", Reason::bad_timestamp},
           Row{"{\"message\":\"m\",\"timestamp\":\"2030-01-01T00:00:00Z\"}", Reason::too_new},
           Row{"{\"message\":\"m\",\"level\":\"?\"}", Reason::unknown_value},
           Row{"{\"message\":\"" + std::string(10001, 'x') + "\"}", Reason::too_long},
           Row{"{\"message\":\"m\",\"x\":\"" + std::string(1 << 20, 'x') + "\"}",
               Reason::too_large},
           Row{"{\"message\":\"m\",\"x\":" + std::string(40, '[') + std::string(40, ']') + "}",
               Reason::too_deep},
       }) {
    for (std::uint32_t position = 0; position < 3; ++position) {
      std::string body = "{\"logs\":[";
      for (std::uint32_t i = 0; i < 3; ++i) {
        if (i != 0) body += " , ";
        body += i == position ? row.element : fmt::format(R"({{"message":"é{}","a":[1]}})", i);
      }
      CAPTURE(row.element.substr(0, 100), position);
      const Batch batch = f.many(body + "]}");
      CHECK(batch.received == 3);
      REQUIRE(batch.records.size() == 2);
      for (const LogRecord& r : batch.records) CHECK(r.message == fmt::format("é{}", r.index));
      REQUIRE(batch.rejections.size() == 1);
      CHECK(batch.rejections[0].index == position);
      CHECK(reason_name(batch.rejections[0].reason) == reason_name(row.reason));
    }
  }
  const Batch batch = f.many("[{\"message\":\"ok\"},{\"message\":\"a\xFF\"}]");
  CHECK(batch.rejections.at(0).message == "byte 31: found 0xff, expected UTF-8");
}

TEST_CASE("parser: a body that is not JSON is refused whole, with the byte", "[ingest]") {
  ParserFixture f;
  struct Row {
    std::string_view body, error;
  };
  for (const Row& row : {
           Row{"", "byte 0: found the end, expected a JSON array or object"},
           Row{"  ", "byte 2: found the end, expected a JSON array or object"},
           Row{"[{\"message\":\"m\"}", "byte 16: found the end, expected ',' or ']'"},
           Row{"[{\"message\":\"m\"}]]", "byte 17: found ']', expected the end of the body"},
           Row{"[{\"message\":\"m\"}] x", "byte 18: found 'x', expected the end of the body"},
           Row{"[{\"message\":\"m\"},]", "byte 17: found ']', expected a JSON value"},
           Row{"[{\"message\":\"m\",}]", "byte 16: found '}', expected a key in double quotes"},
           Row{"[{\"message\" \"m\"}]", "byte 12: found '\"', expected ':' behind the key"},
           Row{"[{\"message\":tru}]", "byte 12: found 't', expected a JSON value"},
           Row{"[{\"message\":truee}]", "byte 12: found 't', expected a JSON value"},
           Row{"[{\"n\":01}]", "byte 6: found '0', expected a JSON value"},
           Row{"[{\"p\":1\"q\":2}]", "byte 6: found '1', expected a JSON value"},
           Row{"[{\"properties\":{\"a\":[1 2]}}]", "byte 23: found '2', expected ',' or ']'"},
           Row{"[{\"properties\":{\"a\":{1:2}}}]",
               "byte 21: found '1', expected a key in double quotes"},
           Row{"[{\"message\":\"a\\qb\"}]",
               "byte 12: found '\"', expected valid escapes in this string"},
           Row{"[{\"message\":\"open}]",
               "byte 12: found '\"', expected a closing quote for this string"},
           Row{"[{\"message\":\"a\nb\"}]",
               "byte 14: found 0x0a, expected no bare control character in a string (escape it)"},
           Row{"{\"logs\":[}", "byte 9: found '}', expected a JSON value"},
           Row{"{\"logs\":5", "byte 9: found the end, expected ',' or '}'"},
           Row{"[\xFF]", "byte 1: found 0xff, expected a JSON value"},
           Row{"\xEF\xBB\xBF[x]", "byte 4: found 'x', expected a JSON value"},
       }) {
    CAPTURE(row.body);
    CHECK(error_of([&] { f.many(std::string(row.body)); }) ==
          "invalid_json: body is not JSON: " + std::string(row.error));
  }
  CHECK(error_of([&] { f.one("{\"message\":\"m\"} {}"); }) ==
        "invalid_json: body is not JSON: byte 16: found '{', expected the end of the body");
  CHECK(error_of([&] { f.one(""); }) ==
        "invalid_json: body is not JSON: byte 0: found the end, expected a JSON object");
}

TEST_CASE("parser: batches that are JSON, but not a batch", "[ingest]") {
  ParserFixture f;
  f.config.ingest.max_batch_records = 2;
  struct Row {
    std::string_view body, error;
  };
  const std::string expected = ", expected an array of records or {\"logs\": [...]}";
  for (const Row& row : {
           Row{"[]", "empty_batch: found no records, expected at least one"},
           Row{"{\"logs\":[]}", "empty_batch: found no records, expected at least one"},
           Row{"[{},{},{}]",
               "batch_too_large: found more than 2 records, at most 2 are allowed in one request"},
           Row{"{\"message\":\"m\"}", "validation_error: found an object without the key \"logs\""},
           Row{"{\"logs\":\"x\"}", "validation_error: found \"logs\": \"x\""},
           Row{"{\"logs\":{\"a\":1}}", "validation_error: found \"logs\": {\"a\":1}"},
           Row{"42", "validation_error: found 42"},
       }) {
    CAPTURE(row.body);
    const bool shape = row.error.starts_with("validation_error");
    CHECK(error_of([&] { f.many(std::string(row.body)); }) ==
          std::string(row.error) + (shape ? expected : ""));
  }
  CHECK(f.many("[{\"message\":\"1\"},{\"message\":\"2\"}]").records.size() == 2);
}

TEST_CASE("parser: a body that wraps two records loses neither in silence", "[ingest]") {
  struct Row {
    std::string_view body;
    std::string_view expected;
  };
  const auto [body, expected] = GENERATE(
      Row{R"({"log":{"message":"A"},"log":{"message":"B"}})",
          "validation_error: found 2 keys \"log\" or \"logs\", expected one"},
      Row{R"({"logs":{"message":"A"},"log":{"message":"B"},"x":1,"log":[]})",
          "validation_error: found 3 keys \"log\" or \"logs\", expected one"},
      Row{R"({"log":{"message":"A"},"log":{"message" "B"}})",
          "invalid_json: body is not JSON: byte 40: found '\"', expected ':' behind the key"},
      Row{R"({"log":{"message":"A"},"log":{"message":"B"})",
          "invalid_json: body is not JSON: byte 44: found the end, expected ',' or '}'"});
  CAPTURE(body);
  ParserFixture f;
  CHECK(error_of([&] { f.one(std::string(body), Dialect::cmdlog); }) == expected);
}

TEST_CASE("parser: wrapped bodies are told by their first key", "[ingest]") {
  for (const char* body : {"{\"log\":{}}", " \n{ \"logs\" : []}", "\xEF\xBB\xBF{\"log\":1}"}) {
    CHECK(ingest::is_wrapped(body));
  }
  for (const char* body : {"", "{", "[{\"log\":1}]", "{\"logger\":1}", "{\"message\":\"log\"}",
                           "{\"log", "\"log\"", "{\"a\":1,\"log\":{}}"}) {
    CHECK_FALSE(ingest::is_wrapped(body));
  }
}

TEST_CASE("parser: a reload and any order of calls leave one parser usable", "[ingest]") {
  ParserFixture f;
  ingest::Parser parser = f.parser();
  CHECK_THROWS_AS(parser.parse_many("[{\"a\":", Dialect::native, "t"), Error);
  Batch kept = parser.parse_lines("{\"message\":\"stays\",\"tag\":\"\\u00e9\"}", "tenant-1");
  f.config.ingest.max_message_bytes = 3;
  parser.set_rules(std::make_shared<const ingest::Rules>(f.config));
  CHECK(parser.parse_one("{\"message\":\"four\"}", Dialect::native, "t").rejections.size() == 1);
  const Batch moved = std::move(kept);
  REQUIRE(moved.records.size() == 1);
  CHECK(moved.records[0].message == "stays");
  CHECK(moved.records[0].tenant == "tenant-1");
  CHECK(moved.records[0].properties == R"({"tag":"\u00e9"})");
}

TEST_CASE("parser: text torn at any byte is refused, never half taken", "[ingest]") {
  ParserFixture f;
  ingest::Parser parser = f.parser();
  const std::string array = "[" + std::string(kFull) + "]";
  for (std::size_t size = 0; size < kFull.size(); ++size) {
    const std::string torn(kFull.substr(0, size));
    CAPTURE(size);
    CHECK_THROWS_AS(parser.parse_one(std::string(torn), Dialect::native, "t"), Error);
    CHECK_THROWS_AS(parser.parse_many(array.substr(0, size), Dialect::native, "t"), Error);
    CHECK_THROWS_AS(parser.parse_many("{\"logs\":" + array.substr(0, size), Dialect::native, "t"),
                    Error);
    const Batch lines = parser.parse_lines(std::string(kFull) + "\n" + torn, "t");
    CHECK(lines.records.size() == 1);
    CHECK(lines.rejections.size() == (size == 0 ? 0 : 1));
  }
  CHECK(parser.parse_many(std::string(array), Dialect::native, "t").records.size() == 1);
}

TEST_CASE("parser: mutated text is taken or refused, and the neighbours stay", "[ingest]") {
  ParserFixture f;
  ingest::Parser parser = f.parser();
  std::mt19937 random(20260115);
  const std::string_view bytes = "{}[]:,\"\\ \r\t0123456789eE.+-truefalsn\x01\xC3\xA9\xFF";
  std::size_t taken = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string line(kFull);
    for (auto n = 1 + random() % 3; n > 0; --n) {
      const std::size_t at = random() % line.size();
      switch (random() % 4) {
        case 0:
          line[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          line.erase(at, 1 + random() % 8);
          break;
        case 2:
          line.insert(at, 1, bytes[random() % bytes.size()]);
          break;
        default:
          line.insert(at, line.substr(random() % line.size(), random() % 30));
      }
    }
    const std::string good = "{\"message\":\"good\"}";
    const Batch batch = parser.parse_lines(good + "\n" + line + "\n" + good, "t");
    REQUIRE(batch.received == batch.records.size() + batch.rejections.size());
    REQUIRE(batch.received == 3);
    REQUIRE(batch.records.front().index == 0);
    REQUIRE(batch.records.back().index == 2);
    taken += batch.records.size() - 2;
    // Alone and in an array, the same text meets the same fate.
    try {
      const Batch one = parser.parse_many("[" + line + "]", Dialect::native, "t");
      if (one.received == 1) REQUIRE(one.records.size() == batch.records.size() - 2);
    } catch (const Error& error) {
      REQUIRE(error.code() == ErrorCode::invalid_json);
      REQUIRE(batch.rejections.size() == 1);
    }
  }
  CHECK(taken > 1000);
  CHECK(taken < 15000);
}

TEST_CASE("parser: a line that is no record can be found in the body", "[ingest]") {
  ParserFixture f;
  const std::string bad =
      GENERATE(as<std::string>(), "not json", "\"open", "{\"message\":\"\xFF\"}", "{\"level\":1}");
  const Batch batch = f.lines("{\"message\":\"good\"}\n" + bad + "\n{\"message\":\"good\"}");
  REQUIRE(batch.rejections.size() == 1);
  const Rejection& rejection = batch.rejections[0];
  CHECK(batch.body->substr(rejection.offset, rejection.size) == bad);
}
