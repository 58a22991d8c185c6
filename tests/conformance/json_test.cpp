#include "tests/conformance/world.h"

#include <simdjson.h>

#include <string>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using simdjson::dom::element;
using simdjson::dom::element_type;

namespace {

bool is_real(const element& e) { return e.type() == element_type::DOUBLE; }

// Equal as JSON values: key order does not count, 1e2 and 100 are one number.
bool equal(const element& a, const element& b) {
  if (a.is_number() && b.is_number()) {
    if (is_real(a) || is_real(b)) return double(a) == double(b);
    return a.type() == b.type() && a.type() == element_type::INT64
               ? std::int64_t(a) == std::int64_t(b)
               : a.type() == b.type() && std::uint64_t(a) == std::uint64_t(b);
  }
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case element_type::ARRAY: {
      const simdjson::dom::array x = a;
      const simdjson::dom::array y = b;
      if (x.size() != y.size()) return false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        if (!equal(x.at(i), y.at(i))) return false;
      }
      return true;
    }
    case element_type::OBJECT: {
      const simdjson::dom::object x = a;
      const simdjson::dom::object y = b;
      if (x.size() != y.size()) return false;
      for (const auto field : x) {
        element other;
        if (y[field.key].get(other) != simdjson::SUCCESS || !equal(field.value, other)) {
          return false;
        }
      }
      return true;
    }
    case element_type::STRING:
      return std::string_view(a) == std::string_view(b);
    case element_type::BOOL:
      return bool(a) == bool(b);
    default:
      return a.is_null() && b.is_null();
  }
}

std::string round_trip(World& world, std::string_view json, std::string_view id) {
  Rows rows;
  LogRecord& record = rows.add(world.clock.now(), id);
  record.properties = json;
  record.device_info = json;
  CHECK(world.append(rows) == Outcomes{Outcome::stored});
  const auto page = world.logs().find("default", {world.clock.now(), std::string(id)});
  const LogRecord& found = page.value().batch.records.front();
  CHECK(found.properties == found.device_info);
  return std::string(found.properties);
}

}  // namespace

TEST_CASE("json: properties come back as equal values", "[json]") {
  World world;
  const std::vector<std::string> objects = {
      R"({})",
      R"({"int": 42, "negative": -7, "zero": 0, "price": 1.10, "exp": 1e2, "tiny": 1.5e-9})",
      R"({"max": 9223372036854775807, "min": -9223372036854775808, "over": 18446744073709551615})",
      R"({"null": null, "": "empty key", "t": true, "f": false, "list": [1, [2, {"x": null}], "3"]})",
      R"({"Ünïcödé": "🦀", "escaped": "tab\t quote\" slash\/ back\\ \u00e9 \ud83e\udd80"})",
      R"({"a b": {"c.d": {"$": "deep"}}, "x'y": "quote", "%_": "like"})",
  };
  for (std::size_t i = 0; i < objects.size(); ++i) {
    INFO(objects[i]);
    const std::string found = round_trip(world, objects[i], std::to_string(i));
    INFO(found);
    simdjson::dom::parser parse_sent;
    simdjson::dom::parser parse_found;
    CHECK(equal(parse_sent.parse(objects[i]).value(), parse_found.parse(found).value()));
  }
}

TEST_CASE("json: a whole number stays whole and keeps all its digits", "[json]") {
  World world;
  const std::string found =
      round_trip(world, R"({"n":42,"big":123456789012345678901234567890,"price":1.10})", "n");
  INFO(found);
  CHECK(found.find("123456789012345678901234567890") != std::string::npos);
  CHECK(found.find("42.") == std::string::npos);
  CHECK(found.find("1.10") != std::string::npos);
}
