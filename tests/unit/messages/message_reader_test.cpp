#include "shared/messages/message_reader.h"

#include "shared/base/error.h"
#include "shared/messages/message_json.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;
using messages::MessageReader;
using storage::Message;

namespace {

const std::string kId = "00000000-0000-7000-8000-00000000000a";

// A line with one part replaced by another.
std::string line_with(std::string_view part, std::string_view other) {
  std::string line = R"({"id":"00000000-0000-7000-8000-00000000000a","stream":"order-1",)"
                     R"("type":"Paid","pos":3,"gpos":17,"data":{"n":1},"meta":{"m":2},)"
                     R"("time":"2026-01-15T10:30:00.123456789Z"})";
  if (part.empty()) return line;
  const std::size_t at = line.find(part);
  REQUIRE(at != std::string::npos);
  return line.replace(at, part.size(), other);
}

Message read(std::string_view line) {
  MessageReader reader;
  Message message;
  reader.read(line, message);
  return message;
}

Error error_of(std::string_view line) {
  try {
    read(line);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorCode::internal, "no error");
}

}  // namespace

TEST_CASE("message reader: a line is a message", "[message_reader]") {
  const Message message = read(line_with("", ""));
  CHECK(message.id == kId);
  CHECK(message.stream == "order-1");
  CHECK(message.type == "Paid");
  CHECK(message.position == 3);
  CHECK(message.global_position == 17);
  CHECK(message.data == R"({"n":1})");
  CHECK(message.metadata == R"({"m":2})");
  CHECK(message.time == messages::parse_time("2026-01-15T10:30:00.123456789Z"));
}

TEST_CASE("message reader: null or absent metadata is none", "[message_reader]") {
  CHECK(read(line_with(R"({"m":2})", "null")).metadata.empty());
  CHECK(read(line_with(R"("meta":{"m":2},)", "")).metadata.empty());
  CHECK(read(line_with(R"({"m":2})", "{ }")).metadata == "{}");
}

TEST_CASE("message reader: fields stand in any order, others are passed over", "[message_reader]") {
  const Message message =
      read(R"( { "time" : "2026-01-15T10:30:00Z", "extra" : [ {"id":"x"} ], "gpos":1, "data" : )"
           R"({ "b" : [ 1 , 2 ] , "a\u0041" : " x  y " } , "type":"T","stream":"s",)"
           R"( "pos":0,"id":"00000000-0000-7000-8000-00000000000A" } )");
  CHECK(message.id == kId);  // in lower case
  CHECK(message.data == R"({"b":[1,2],"a\u0041":" x  y "})");
  CHECK(message.metadata.empty());
  CHECK(message.stream == "s");
}

TEST_CASE("message reader: what was exported is read back byte for byte", "[message_reader]") {
  MessageReader reader;
  Message back;
  back.metadata = "of the last one";
  for (const char* data :
       {"{}", R"({"n":42,"pi":3.14159,"one":1.0,"zero":-0.0,"e":1E+40,"small":1e-7})",
        R"({"big":123456789012345678901234567890,"huge":1e400})",
        R"({"text":"äöü 日本語 🎉 \u00e9\n\t\\\"\/"})", R"({"deep":[[[{"a":[true,null]}]]]})",
        R"({"b":1,"a":2,"b":3})"}) {
    Message message;
    message.id = kId;
    message.stream = "order-\"1\" ü";
    message.type = "Pa\\id";
    message.data = data;
    message.position = 9'000'000'000'000'000;
    message.global_position = 9'007'199'254'740'991;
    message.time = *messages::parse_time("2026-01-15T10:30:00.123456789Z");
    std::string line;
    messages::append_export_line(line, message);
    reader.read(line, back);
    std::string again;
    messages::append_export_line(again, back);
    CHECK(again == line);
  }
}

TEST_CASE("message reader: a field that is wrong is named", "[message_reader]") {
  struct Row {
    std::string_view part, other, field;
  };
  const std::string too_long = "\"" + std::string(2049, 'x') + "\"";
  for (const Row& row : {
           Row{"\"id\"", "\"ID\"", "`id`"},
           Row{"00000000-", "0000000x-", "`id`"},
           Row{"-00000000000a", "-0000000000", "`id`"},
           Row{"\"order-1\"", "\"\"", "`stream`"},
           Row{"\"order-1\"", "5", "`stream`"},
           Row{"\"order-1\"", "\"a\\u0000b\"", "`stream`"},
           Row{"\"order-1\"", too_long, "`stream`"},
           Row{"\"Paid\"", "null", "`type`"},
           Row{"\"Paid\"", "\"\"", "`type`"},
           Row{"\"pos\":3", "\"pos\":-1", "`pos`"},
           Row{"\"pos\":3", "\"pos\":3.5", "`pos`"},
           Row{"\"pos\":3", "\"pos\":\"3\"", "`pos`"},
           Row{"\"pos\":3", "\"pos\":9223372036854775808", "`pos`"},
           Row{"\"pos\":3", "\"pos\":9007199254740992", "`pos`"},
           Row{"\"gpos\":17", "\"gpos\":0", "`gpos`"},
           Row{"\"gpos\":17", "\"x\":0", "`gpos`"},
           Row{"{\"n\":1}", "[1]", "`data`"},
           Row{"{\"n\":1}", "null", "`data`"},
           Row{"\"data\":{\"n\":1},", "", "`data`"},
           Row{"{\"m\":2}", "\"x\"", "`meta`"},
           Row{"2026-01-15T", "2026-01-15", "`time`"},
           Row{"\"2026-01-15T10:30:00.123456789Z\"", "1768473000", "`time`"},
       }) {
    const Error error = error_of(line_with(row.part, row.other));
    INFO(row.other << ": " << error.message());
    CHECK(error.code() == ErrorCode::validation_error);
    CHECK_THAT(error.message(), Catch::Matchers::Contains(std::string(row.field)));
  }
  CHECK(error_of("[1]").code() == ErrorCode::validation_error);
}

TEST_CASE("message reader: what is not JSON is refused", "[message_reader]") {
  for (const std::string& line :
       {std::string(), std::string("{"), std::string("{}x"), std::string("nonsense"),
        line_with("", "") + "{}", line_with("{\"n\":1}", "{\"n\":01}"),
        line_with("{\"n\":1}", "{\"n\":tru}"), line_with("{\"n\":1}", "{\"n\"}"),
        line_with("{\"n\":1}", "{\"n\":1,}"), line_with("{\"n\":1}", "{\"n\":\"\\x\"}"),
        line_with("{\"n\":1}", "{\"n\":\"\xff\"}"), line_with("Paid", "Pa\xc3")}) {
    const Error error = error_of(line);
    INFO(line << ": " << error.message());
    CHECK(error.code() == (line == "nonsense" ? error.code() : ErrorCode::invalid_json));
    CHECK(error.code() != ErrorCode::internal);
  }
  CHECK(error_of("{nope").message() == "not JSON: byte 1: found 'n', expected a name in quotes");
}

TEST_CASE("message reader: an id is a UUID in lower case", "[message_reader]") {
  std::string id = "ABCDEF01-2345-6789-abcd-EF0123456789";
  CHECK(messages::normalize_uuid(id));
  CHECK(id == "abcdef01-2345-6789-abcd-ef0123456789");
  for (std::string bad :
       {"", "abcdef01-2345-6789-abcd-ef012345678", "abcdef01-2345-6789-abcd-ef01234567890",
        "abcdef0102345-6789-abcd-ef0123456789", "gbcdef01-2345-6789-abcd-ef0123456789",
        "{abcdef01-2345-6789-abcd-ef0123456789}", "abcdef0123456789abcdef0123456789"}) {
    CHECK_FALSE(messages::normalize_uuid(bad));
  }
}
