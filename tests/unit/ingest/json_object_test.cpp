#include "shared/ingest/json_object.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <string>

using namespace logctl;
using ingest::append_object;

namespace {

std::string compact(std::string_view json) {
  std::string out = "before";
  append_object(out, json, "data");
  REQUIRE(out.starts_with("before"));
  return out.substr(6);
}

// The words of the refusal; what was appended must be gone.
std::string refusal(std::string_view json, ErrorCode code) {
  std::string out = "before";
  try {
    append_object(out, json, "data");
  } catch (const Error& error) {
    CHECK(error.code() == code);
    CHECK(out == "before");
    return error.message();
  }
  FAIL("taken: " << json);
  return {};
}

}  // namespace

TEST_CASE("json object: values stay as they were written", "[ingest]") {
  for (const std::string json :
       {R"({})", R"({"a":1})", R"({"a":12345678901234567890123,"b":1e400,"c":-0,"d":1.50E+2})",
        R"({"a":[],"b":{},"c":[[],{}],"d":[1,[2,{"e":null}],true,false]})",
        R"({"":"","t":"a \" \\ \/ \b\f\n\r\t \u00e4 \ud83d\ude00 ä 😀"})", R"({"a":1,"a":2})"}) {
    CHECK(compact(json) == json);
  }
}

TEST_CASE("json object: white space between tokens goes, in texts it stays", "[ingest]") {
  CHECK(compact(" \t\r\n{ \"a b\" :\n[ 1 , 2 ] , \"c\" : { } , \"d\":\" x \" } \n") ==
        R"({"a b":[1,2],"c":{},"d":" x "})");
}

TEST_CASE("json object: what is no JSON is refused with the byte", "[ingest]") {
  CHECK(refusal(R"({"a":1)", ErrorCode::invalid_json) ==
        "`data` is no JSON: byte 6: found the end, expected ',' or '}'");
  CHECK(refusal(R"({"a":1,})", ErrorCode::invalid_json) ==
        "`data` is no JSON: byte 7: found '}', expected a name in quotes");
  CHECK(refusal(R"({"a" 1})", ErrorCode::invalid_json) ==
        "`data` is no JSON: byte 5: found '1', expected ':'");
  for (const std::string json : {"",
                                 " ",
                                 "{",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":01}",
                                 "{\"a\":+1}",
                                 "{\"a\":1.}",
                                 "{\"a\":.5}",
                                 "{\"a\":1e}",
                                 "{\"a\":tru}",
                                 "{\"a\":nul}",
                                 "{\"a\":NaN}",
                                 "{\"a\":[1,]}",
                                 "{\"a\":[1 2]}",
                                 "{\"a\":[1}",
                                 "{\"a\":1]",
                                 "{\"a\":1}}",
                                 "{} {}",
                                 "{} x",
                                 "{a:1}",
                                 "{'a':1}",
                                 "{\"a\":\"\x01\"}",
                                 "{\"a\":\"\\x\"}",
                                 "{\"a\":\"\\u12g4\"}",
                                 "{\"a\":\"",
                                 "{\"a\":\"\\",
                                 "{\"a\":-}",
                                 "{,}",
                                 "{\"a\":1,,\"b\":2}",
                                 "{\"a\":/* */1}",
                                 "{\"a\":\"\xff\"}"}) {
    INFO(json);
    refusal(json, ErrorCode::invalid_json);
  }
}

TEST_CASE("json object: what is no object, and what not every store takes", "[ingest]") {
  CHECK(refusal("[1]", ErrorCode::validation_error) == "`data`: expected an object, found [1]");
  refusal("null", ErrorCode::validation_error);
  refusal("\"text\"", ErrorCode::validation_error);
  refusal("12", ErrorCode::validation_error);
  refusal(R"({"a":"\u0000"})", ErrorCode::validation_error);
  refusal(R"({"a":"\ud83d"})", ErrorCode::validation_error);
  refusal(R"({"a":1e200000})", ErrorCode::validation_error);
}

TEST_CASE("json object: as deep as is allowed and no deeper", "[ingest]") {
  const auto nested = [](std::size_t depth) {
    std::string json;
    for (std::size_t i = 1; i < depth; ++i) json += "{\"a\":";
    json += "{}";
    return json + std::string(depth - 1, '}');
  };
  CHECK(compact(nested(ingest::kMaxDepth)) == nested(ingest::kMaxDepth));
  refusal(nested(ingest::kMaxDepth + 1), ErrorCode::invalid_json);
  refusal(nested(100'000), ErrorCode::invalid_json);
}

TEST_CASE("json object: where text stops being JSON, for messages", "[ingest]") {
  struct Row {
    std::string_view text, fault;
  };
  for (const Row& row : {
           Row{"", "byte 0: found the end, expected a value"},
           Row{"{nope", "byte 1: found 'n', expected a name in quotes"},
           Row{R"(["a"]x)", "byte 5: found 'x', expected the end"},
           Row{R"(["a",tru])", "byte 5: found 't', expected a value"},
           Row{"[1", "byte 2: found the end, expected ',' or ']'"},
           Row{R"(["a" "b"])", "byte 5: found '\"', expected ',' or ']'"},
           Row{R"({"a":01})", "byte 6: found '1', expected ',' or '}'"},
           Row{"{\"a\":\"\xff\"}", "byte 6 is not UTF-8"},
           Row{R"(["m",1e200000,tru])", "byte 14: found 't', expected a value"},
           Row{R"(["\ud800" 5])", "byte 10: found '5', expected ',' or ']'"},
           Row{R"(["a",{"b":[1,2]}])", ""},
       }) {
    INFO(row.text);
    CHECK(ingest::json_fault(row.text) == row.fault);
  }
  CHECK_THAT(ingest::json_fault(R"(["\ud800"])"), Catch::Matchers::StartsWith("byte 2: "));
}
