#include "shared/query/property.h"

#include "shared/query/property_condition.h"
#include "tests/support/catch.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace logctl;
using query::find_property;
using query::Op;
using query::Property;
using Kind = query::Property::Kind;

namespace {

std::string shown(const Property& property) {
  constexpr const char* kNames[] = {"absent", "text", "number", "boolean", "container"};
  return std::string(kNames[static_cast<int>(property.kind)]) + " " + property.text;
}
std::string found(std::string_view properties, const std::string& key) {
  const std::vector<std::string> path = {key};
  return shown(find_property(properties, path));
}
// The same through the parser: what lies inside an object is never looked for in the text.
std::string found_inside(const std::string& properties, const std::string& key) {
  const std::vector<std::string> path = {"in", key};
  return shown(find_property(R"({"in":)" + properties + "}", path));
}

}  // namespace

TEST_CASE("property: a value out of plain values", "[query]") {
  struct Case {
    const char* properties;
    const char* key;
    const char* expected;
  };
  const Case cases[] = {
      {R"({"a":1,"b":"x"})", "b", "text x"},
      {R"({"a":1,"b":"x"})", "a", "number 1"},
      {R"( { "a" : 1.50 , "b" : true } )", "a", "number 1.50"},
      {R"( { "a" : 1 , "b" : false } )", "b", "boolean false"},
      {R"({"a":1e3})", "a", "number 1000"},
      {R"({"a":-0.0})", "a", "number 0.0"},
      {R"({"a":null})", "a", "absent "},
      {R"({"a":1,"a":2})", "a", "number 2"},
      {R"({"a":1,"a":null})", "a", "absent "},
      {R"({"x":"a","y":2})", "a", "absent "},
      {R"({"a":"a"})", "a", "text a"},
      {R"({"x":"a:","a":3})", "a", "number 3"},
      {R"({"aa":1})", "a", "absent "},
      {R"({"":1})", "", "number 1"},
      {R"({":":1,"x":":"})", ":", "number 1"},
      {R"({"x":",","b":","})", ",", "absent "},
      {R"({"a":"{","b":1})", "b", "number 1"},
      {R"({"a":{"b":1},"b":2})", "b", "number 2"},
      {R"({"a":{"b":1}})", "b", "absent "},
      {R"({"a":[{"b":1}]})", "a", "container "},
      {R"({"\u0061":1})", "a", "number 1"},
      {R"({"a":"x\"y"})", "a", "text x\"y"},
      {R"({"ü":"ß"})", "ü", "text ß"},
      {"{}", "a", "absent "},
      {"", "a", "absent "},
  };
  for (const Case& c : cases) {
    CAPTURE(c.properties);
    CAPTURE(c.key);
    CHECK(found(c.properties, c.key) == c.expected);
    if (*c.properties != '\0') CHECK(found_inside(c.properties, c.key) == c.expected);
  }
}

TEST_CASE("property: looked for in the text or by the parser, it is the same", "[query]") {
  std::mt19937 random(7);
  const auto one_of = [&random](const std::vector<std::string>& list) {
    return list[random() % list.size()];
  };
  const std::vector<std::string> keys = {"a", "b", "ab", ":", ",", "", "a b", "\\u0061", "}", "1"};
  const std::vector<std::string> values = {
      "1",     "1.50",  "-0",        "2e2",       "true", "null",  "\"a\"",   "\"\"",
      "\":\"", "\",\"", "\"a\\\"\"", "{\"a\":1}", "[1]",  "\"}\"", "\" a \"", "\"b:\""};
  for (int round = 0; round < 20'000; ++round) {
    std::string properties = random() % 4 == 0 ? "{ " : "{";
    for (std::size_t n = random() % 4; n > 0; --n) {
      properties += "\"" + one_of(keys) + "\"" + (random() % 5 == 0 ? " : " : ":") + one_of(values);
      if (n > 1) properties += random() % 5 == 0 ? " , " : ",";
    }
    properties += "}";
    const std::string key = one_of(keys);
    if (found(properties, key) == found_inside(properties, key)) continue;
    CAPTURE(properties);
    CAPTURE(key);
    CHECK(found(properties, key) == found_inside(properties, key));
  }
}

TEST_CASE("property: a condition asks by kind", "[query]") {
  const auto passes = [](Op op, std::string_view value, std::string_view properties) {
    return query::PropertyCondition(op, value, {"a"}).passes(properties);
  };
  CHECK(passes(Op::equal, "1e3", R"({"a":1000})"));
  CHECK(passes(Op::equal, "1e3", R"({"a":"1e3"})"));
  CHECK_FALSE(passes(Op::equal, "1e3", R"({"a":1000.0})"));
  CHECK(passes(Op::more, "9", R"({"a":10})"));
  CHECK_FALSE(passes(Op::more, "9", R"({"a":"10"})"));
  CHECK(passes(Op::exists, "", R"({"a":[]})"));
  CHECK_FALSE(passes(Op::exists, "", R"({"a":null})"));
  CHECK(passes(Op::contains, "ON", R"({"a":"bonn"})"));
  CHECK_FALSE(passes(Op::contains, "b", R"({"a":{"b":1}})"));
  CHECK(passes(Op::like, "b*n", R"({"a":"bonn"})"));
  CHECK(passes(Op::matches, "^b.n", R"({"a":"bonn"})"));
}
