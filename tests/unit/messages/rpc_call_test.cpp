#include "shared/messages/rpc_call.h"

#include "shared/base/error.h"
#include "tests/support/catch.h"

using namespace logctl;
using namespace logctl::messages;
using Kind = RpcValue::Kind;

namespace {

RpcCall read(std::string body) {
  RpcReader reader;
  return reader.read(body);
}

ErrorCode refused(const std::string& body) {
  try {
    read(body);
  } catch (const Error& error) {
    return error.code();
  }
  FAIL("was taken: " << body);
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("rpc call: a name and arguments of every kind", "[messages]") {
  const RpcCall call = read(
      R"( ["m", "t\u00e9xt", {"a" : 1.50, "b": [ ]}, null, true, -5, 5.0, 1e3, 1.5, [1, {"x": 2}]] )");
  CHECK(call.method == "m");
  REQUIRE(call.arguments.size() == 9);
  CHECK(call.argument(0).kind == Kind::text);
  CHECK(call.argument(0).text == "téxt");
  CHECK(call.argument(1).kind == Kind::object);
  CHECK(call.argument(1).text == R"({"a":1.50,"b":[]})");
  CHECK(call.argument(2).kind == Kind::null);
  CHECK(call.argument(2).empty());
  CHECK(call.argument(3).kind == Kind::boolean);
  CHECK(call.argument(4).whole == -5);
  CHECK(call.argument(5).whole == 5);
  CHECK(call.argument(6).whole == 1000);
  CHECK(call.argument(7).kind == Kind::number);
  CHECK_FALSE(call.argument(7).whole);
  CHECK(call.argument(8).kind == Kind::array);
  CHECK(call.argument(9).kind == Kind::absent);
  CHECK(call.argument(9).empty());
}

TEST_CASE("rpc call: whole numbers that do not fit are none", "[messages]") {
  for (const char* number : {"9223372036854775808", "1e400", "12345678901234567890123", "0.5"}) {
    INFO(number);
    const RpcCall call = read(std::string(R"(["m",)") + number + "]");
    CHECK(call.argument(0).kind == Kind::number);
    CHECK_FALSE(call.argument(0).whole);
  }
  CHECK(read(R"(["m",9223372036854775807])").argument(0).whole == 9223372036854775807);
}

TEST_CASE("rpc call: what is no JSON is called so", "[messages]") {
  for (const char* body :
       {"", "  ", R"(["a")", R"(["a",])", R"(["a"] x)", R"(["a"]])", R"(["a" "b"])", R"(["a",1 2])",
        R"(["a", tru])", R"(["a", nul])", R"(["a", 01])", R"(["a", -])", R"(["a", {"x": tru}])",
        R"(["a", {"x":[}]}])", R"(["a", [tru]])", "[\"\xff\"]", R"(["a", "\ud800"])"}) {
    INFO(body);
    CHECK(refused(body) == ErrorCode::invalid_json);
  }
}

TEST_CASE("rpc call: what is no JSON is told with the byte", "[messages]") {
  const auto message = [](const char* body) {
    try {
      read(body);
    } catch (const Error& error) {
      return error.message();
    }
    return std::string("taken");
  };
  CHECK(message(R"(["stream.get","a"]x)") ==
        "the body is not JSON: byte 18: found 'x', expected the end");
  CHECK(message(R"(["stream.get", [1,]])") ==
        "`argument 1` is no JSON: byte 3: found ']', expected a value");
}

TEST_CASE("rpc call: what is no call is refused", "[messages]") {
  for (const char* body : {"{}", "5", "[]", "[null]", "[5]", R"([["a"]])"}) {
    INFO(body);
    CHECK(refused(body) == ErrorCode::validation_error);
  }
  // Text that JSON allows and no store takes.
  CHECK(refused(R"(["a", {"x": "\u0000"}])") == ErrorCode::validation_error);
}

TEST_CASE("rpc call: fields of an object, the last of equal names", "[messages]") {
  RpcReader reader;
  std::string body =
      R"(["m", {"n": {"deep" : [1, 2]}, "t": "x\ny", "n": {"d": 12345678901234567890}}])";
  const RpcCall call = reader.read(body);
  RpcObject fields = reader.fields(call.argument(0));
  CHECK(fields.at("t").text == "x\ny");
  CHECK(fields.at("nothing").kind == Kind::absent);
  CHECK(fields.at("n").text == R"({"d":12345678901234567890})");
  CHECK(fields.take("n").text == R"({"d":12345678901234567890})");
  CHECK(fields.take("nothing").empty());
  std::string empty = R"(["m",{}])";
  CHECK(reader.fields(reader.read(empty).argument(0)).at("x").empty());
}
