#include "shared/ingest/dead_letter.h"

#include "shared/base/error.h"
#include "tests/unit/ingest/parser_fixture.h"

#include <string>

using namespace logctl;
using namespace logctl::ingest;

namespace {

DeadLetter letter_of(std::string raw) {
  DeadLetter letter;
  letter.id = "01890000-0000-7000-8000-000000000000";
  letter.at = *parse_rfc3339("2026-01-15T12:00:00.000001Z");
  letter.tenant = "acme";
  letter.source = "/logs/batch";
  letter.dialect = Dialect::cmdlog;
  letter.index = 7;
  letter.field = "level";
  letter.reason = "unknown_value";
  letter.message = R"(found "LOUD", allowed are ...)";
  set_raw(letter, raw, 1000);
  return letter;
}

std::string line_of(const DeadLetter& letter) {
  std::string line;
  append_line(line, letter);
  REQUIRE(line.ends_with('\n'));
  line.pop_back();
  CHECK(line.find('\n') == std::string::npos);
  return line;
}

}  // namespace

TEST_CASE("dead letter: a line brings back what went in", "[ingest]") {
  const std::string raw = GENERATE(as<std::string>(), "{\"a\": \"\\u0000 \xC3\xA4\"}",
                                   "two\nlines\t\"x\"", "not \xFF UTF-8", "");
  const DeadLetter before = letter_of(raw);
  const std::optional<DeadLetter> after = read_letter(line_of(before));
  REQUIRE(after);
  CHECK(after->raw == raw);
  CHECK(after->id == before.id);
  CHECK(after->at == before.at);
  CHECK(after->tenant == "acme");
  CHECK(after->source == "/logs/batch");
  CHECK(after->dialect == Dialect::cmdlog);
  CHECK(after->index == 7U);
  CHECK(after->field == "level");
  CHECK(after->reason == "unknown_value");
  CHECK(after->message == before.message);
  CHECK_FALSE(after->truncated());
}

TEST_CASE("dead letter: a whole body has no index", "[ingest]") {
  DeadLetter letter = letter_of("{oops");
  letter.index.reset();
  const std::string line = line_of(letter);
  CHECK_THAT(line, Catch::Matchers::Contains(R"("index":null)"));
  CHECK_FALSE(read_letter(line)->index);
}

TEST_CASE("dead letter: long text is cut between characters, and says so", "[ingest]") {
  DeadLetter letter = letter_of("");
  set_raw(letter, "abc\xF0\x9F\x98\x80z", 6);
  CHECK(letter.raw == "abc");
  const std::optional<DeadLetter> read = read_letter(line_of(letter));
  REQUIRE(read);
  CHECK(read->truncated());
  CHECK(read->raw_bytes == 8);
  set_raw(letter, "abc", 3);
  CHECK_FALSE(letter.truncated());
}

TEST_CASE("dead letter: a damaged line is none", "[ingest]") {
  const std::string line = line_of(letter_of("{}"));
  for (std::size_t size = 0; size < line.size(); ++size) {
    CHECK_FALSE(read_letter(std::string_view(line).substr(0, size)));
  }
  CHECK_FALSE(read_letter("[]"));
  CHECK_FALSE(read_letter(R"({"id":"x"})"));
}

TEST_CASE("dead letter: a record refused by the store comes back the same", "[ingest]") {
  test::ParserFixture f;
  const std::string sent =
      R"({"event_id":"e","timestamp":"2026-01-15T11:00:00.5Z","service":"s","message":"m\n",)"
      R"("level":"WARN","priority":"high","event_type":"error","event_name":"n","user_id":"u",)"
      R"("sequence_number":3,"properties":{"n":1.50,"x":null},"device_info":{"os":"y"},"k":[1]})";
  const Batch first = f.one(sent);
  REQUIRE(first.records.size() == 1);
  const DeadLetter letter = refused_letter(first.records[0], "no such partition", 10000);
  CHECK(letter.reason == "refused_by_store");
  CHECK(letter.at == first.records[0].received_at);

  const Batch second = f.one(letter.raw);
  REQUIRE(second.records.size() == 1);
  const LogRecord& a = first.records[0];
  const LogRecord& b = second.records[0];
  CHECK(a.event_id == b.event_id);
  CHECK(a.timestamp == b.timestamp);
  CHECK(a.service == b.service);
  CHECK(a.message == b.message);
  CHECK(a.level == b.level);
  CHECK(a.priority == b.priority);
  CHECK(a.event_type == b.event_type);
  CHECK(a.event_name == b.event_name);
  CHECK(a.user_id == b.user_id);
  CHECK(a.sequence_number == b.sequence_number);
  CHECK(a.properties == b.properties);
  CHECK(a.device_info == b.device_info);
}

TEST_CASE("dead letter: a record without a time stays one that is known by its id", "[ingest]") {
  test::ParserFixture f;
  const Batch first = f.one(R"({"event_id":"e","message":"m"})");
  REQUIRE(first.records.at(0).dedup_by_id);
  const DeadLetter letter = refused_letter(first.records[0], "", 10000);
  CHECK(f.one(letter.raw).records.at(0).dedup_by_id);
}

TEST_CASE("parser: a rejection says where its record stands", "[ingest]") {
  test::ParserFixture f;
  const std::string bad = R"({"message" : 1})";
  const Batch batch = f.many("\xEF\xBB\xBF[ {\"message\":\"m\"} , " + bad + " , 5 ]");
  REQUIRE(batch.rejections.size() == 2);
  const auto text = [&batch](const Rejection& rejection) {
    return std::string_view(*batch.body).substr(rejection.offset, rejection.size);
  };
  CHECK(text(batch.rejections[0]) == bad);
  CHECK(text(batch.rejections[1]) == "5");
}

TEST_CASE("parser: a body that is refused as a whole is given back", "[ingest]") {
  test::ParserFixture f;
  const std::string text = GENERATE(as<std::string>(), "{oops", R"({"logs": [{}, )", "\"text\"");
  std::string body = text;
  CHECK_THROWS_AS(f.parser().parse_many(std::move(body), Dialect::native, "t"), Error);
  CHECK(body == text);
}
