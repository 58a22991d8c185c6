#include "shared/ingest/record_reader.h"

#include "tests/unit/ingest/parser_fixture.h"

#include <string>
#include <string_view>

using namespace logctl;
using logctl::ingest::Cursor;
using logctl::ingest::Dialect;
using logctl::ingest::RecordReader;
using logctl::ingest::StructureIndex;
using logctl::test::ParserFixture;

namespace {

constexpr std::size_t kMembers = 200'000;

std::string repeated(std::string_view first, std::string_view part, std::string_view last) {
  std::string text(first);
  text.reserve(first.size() + part.size() * kMembers + last.size() + StructureIndex::padding());
  for (std::size_t i = 0; i < kMembers; ++i) text += part;
  return text += last;
}

// A reader and what it reads with.
struct ReaderFixture : ParserFixture {
  ingest::Rules rules;
  StructureIndex index;
  RecordReader reader;
  Batch batch;
  std::string body;

  explicit ReaderFixture(std::uint64_t max_record_bytes) : rules(config) {
    rules.max_record_bytes = max_record_bytes;
    reader.begin(rules, Dialect::aggregator, clock.now(), "default", batch);
  }

  bool read(std::string text) {
    body = std::move(text);
    body.reserve(body.size() + StructureIndex::padding());
    REQUIRE(index.build(body));
    Cursor cursor(body, index.tokens());
    if (!reader.read(cursor)) return false;
    reader.commit(0, false, body.data());
    return true;
  }
};

}  // namespace

TEST_CASE("record reader: what is beyond the limit of a record takes no memory", "[ingest]") {
  struct Row {
    std::string_view what;
    std::string_view first;
    std::string_view part;
    std::string_view last;
  };
  const auto row = GENERATE(
      Row{"unknown keys", R"({"message":"x")", R"(,"":1)", "}"},
      Row{"escaped keys", R"({"message":"x")", R"(,"\u0061":1)", "}"},
      Row{"texts with escapes", R"({"message":"x")", R"(,"host":"\n")", "}"},
      Row{"metadata as text", R"({"message":"x")", R"(,"metadata":"")", "}"},
      Row{"one large metadata text", R"({"message":"x","metadata":"{)", R"(\"password\":1,)",
          R"(\"a\":1}"})"},
      Row{"keys to drop", R"({"message":"x","properties":{"a":1)", R"(,"password":1)", "}}"},
      Row{"keys to drop, unknown object", R"({"message":"x","b":{"a":1)", R"(,"password":1)",
          "}}"});
  CAPTURE(row.what);
  ReaderFixture f(1000);
  REQUIRE(f.read(repeated(row.first, row.part, row.last)));
  REQUIRE(f.batch.rejections.size() == 1);
  CHECK(f.batch.rejections[0].reason == Reason::too_large);
  CHECK(f.reader.kept_bytes() < 100'000);
  CHECK(f.batch.arena->allocated() < 100'000);
}

TEST_CASE("record reader: what is beyond the limit of a record must still be JSON", "[ingest]") {
  struct Row {
    std::string_view last;
    std::string_view expected;
  };
  const auto row =
      GENERATE(Row{R"(,"\x":1})", "a valid escape in this key"},
               Row{R"(,"a" 1})", "':' behind the key"}, Row{R"(,"a":})", "a JSON value"},
               Row{R"(,"a":1])", "',' or '}'"}, Row{R"(,1})", "a key in double quotes"});
  ReaderFixture f(20);
  CHECK_FALSE(f.read(R"({"message":"a text over the limit")" + std::string(row.last)));
  CHECK(f.reader.expected() == row.expected);
}

TEST_CASE("record reader: unusually large buffers are given back", "[ingest]") {
  struct Row {
    std::string_view first;
    std::string_view part;
    std::string_view last;
  };
  const auto row = GENERATE(Row{R"({"message":"x")", R"(,"":1)", "}"},
                            Row{R"({"message":"x","b":{"a":1)", R"(,"password":1)", "}}"});
  ReaderFixture f(64 << 20U);
  REQUIRE(f.read(repeated(row.first, row.part, row.last)));
  REQUIRE(f.batch.records.size() == 1);
  CHECK(f.reader.kept_bytes() > 2'000'000);
  f.reader.shrink();
  CHECK(f.reader.kept_bytes() < 1'100'000);
  REQUIRE(f.read(R"({"message":"y","a":1})"));
  CHECK(f.batch.records.back().properties == R"({"a":1})");
}
