// What ends up in properties and device_info: the bytes as sent, minus secrets, plus unknown keys.
#include "tests/unit/ingest/parser_fixture.h"

#include <fmt/format.h>

#include <string>

using namespace logctl;
using logctl::ingest::Dialect;
using logctl::test::ParserFixture;

namespace {

struct Row {
  std::string_view body, properties;
};

std::string properties_of(ParserFixture& f, std::string_view body, Dialect dialect) {
  const Batch batch = f.one(std::string(body), dialect);
  if (!batch.rejections.empty()) return batch.rejections[0].message;
  REQUIRE(batch.records.size() == 1);
  return std::string(batch.records[0].properties);
}

template <std::size_t N>
void check(Dialect dialect, const Row (&rows)[N]) {
  ParserFixture f;
  for (const Row& row : rows) {
    CAPTURE(row.body);
    CHECK(properties_of(f, row.body, dialect) == row.properties);
  }
}

}  // namespace

TEST_CASE("parser: properties keep their bytes", "[ingest]") {
  const std::string_view value =
      R"({ "z":42, "a":42.0,"big":123456789012345678901234567890,"tiny":1.10e-7,"neg":-0,)"
      R"( "null":null,"t":true,"dup":1,"dup":2,"esc":"\u00e9\/\n","empty":{},"list":[ ] })";
  ParserFixture f;
  for (const std::string_view name : {"properties", "metadata", "attributes"}) {
    const std::string body = fmt::format(R"({{"message":"m","{}":{}}})", name, value);
    CHECK(properties_of(f, body, Dialect::native) == value);
    CHECK(properties_of(f, fmt::format("{{\"{}\" : {} , \"message\":\"m\"}}", name, value),
                        Dialect::native) == value);
  }
  const Batch batch = f.one(fmt::format(R"({{"message":"m","device_info":{}}})", value));
  CHECK(batch.records.at(0).device_info == value);
  CHECK(batch.records.at(0).properties.empty());
  CHECK(properties_of(f, R"({"message":"m","properties":{}})", Dialect::native) == "{}");
}

TEST_CASE("parser: secret-like keys are dropped at every depth", "[ingest]") {
  const Row rows[] = {
      {R"({"message":"m","properties":{"password":"p"}})", "{}"},
      {R"({"message":"m","properties":{"PassWord":"p","a":1}})", R"({"a":1})"},
      {R"({"message":"m","properties":{"a":1,"token":"p"}})", R"({"a":1})"},
      {R"({"message":"m","properties":{"a":1,"token":"p","b":2}})", R"({"a":1,"b":2})"},
      {R"({"message":"m","properties":{"token":1,"auth":2,"a":3}})", R"({"a":3})"},
      {R"({"message":"m","properties":{"token":1,"auth":2}})", "{}"},
      {R"({"message":"m","properties":{"a":1,"token":1,"auth":2}})", R"({"a":1})"},
      {R"({"message":"m","properties":{"token":1,"a":1,"auth":2,"b":3,"ssn":4}})",
       R"({"a":1,"b":3})"},
      {R"({"message":"m","properties":{ "token" : 1 , "a" : 1 , "auth" : 2 }})", R"({ "a" : 1 })"},
      {R"({"message":"m","properties":{"a":[{"b":{"c":[{"secret":{"token":[1,{}]},"d":5}]}}]}})",
       R"({"a":[{"b":{"c":[{"d":5}]}}]})"},
      {R"({"message":"m","properties":{"secret":{"secret":1},"x":{"secret":[]}}})", R"({"x":{}})"},
      // An escape does not hide a secret.
      {R"({"message":"m","properties":{"p\u0061ssword":1,"a":2}})", R"({"a":2})"},
      // What is dropped need not be storable.
      {R"({"message":"m","properties":{"token":[1e999999,"\u0000"],"a":2}})", R"({"a":2})"},
      // Only keys count.
      {R"({"message":"m","properties":{"a":"password","b":["token"]}})",
       R"({"a":"password","b":["token"]})"},
      {R"({"message":"m","api_key":"k","x":1})", R"({"x":1})"},
      {R"({"message":"m","x":{"api_key":"k","y":1},"z":[{"auth":0}]})",
       R"({"x":{"y":1},"z":[{}]})"},
      {R"({"message":"m","properties":{"a":{"auth":1}},"x":{"auth":2}})", R"({"a":{},"x":{}})"},
  };
  check(Dialect::native, rows);
  ParserFixture f;
  const Batch batch = f.one(R"({"message":"m","device_info":{"os":"l","token":1}})");
  CHECK(batch.records.at(0).device_info == R"({"os":"l"})");
}

TEST_CASE("parser: unknown keys become properties", "[ingest]") {
  const Row rows[] = {
      {R"({"message":"m","a":1,"b":null,"c":"\u00e9"})", R"({"a":1,"b":null,"c":"\u00e9"})"},
      {R"({"a":1,"message":"m","properties":{"b": 2 }})", R"({"b": 2,"a":1})"},
      {R"({"message":"m","properties":{ },"a":[ 1 ]})", R"({"a":[ 1 ]})"},
      {R"({"message":"m","properties":{"token":1},"a":1})", R"({"a":1})"},
      {R"({"message":"m","k\"ey":1})", R"({"k\"ey":1})"},
      // A name that is taken gets an underscore, and another one when that is taken too.
      {R"({"message":"m","properties":{"a":1,"c":[{"x":0}]},"a":2,"x":3})",
       R"({"a":1,"c":[{"x":0}],"_a":2,"x":3})"},
      {R"({"message":"m","properties":{"a":1,"_a":2},"a":3})", R"({"a":1,"_a":2,"__a":3})"},
      {R"({"message":"m","properties":{"a":1},"a":3,"_a":4})", R"({"a":1,"__a":3,"_a":4})"},
      {R"({"message":"m","properties":{"\u0061":1},"a":2})", R"({"\u0061":1,"_a":2})"},
      // One container gives the members, the others are kept under their names.
      {R"({"message":"m","metadata":{"a":1},"properties":{"b":2},"attributes":{"c":3}})",
       R"({"b":2,"metadata":{"a":1},"attributes":{"c":3}})"},
  };
  check(Dialect::native, rows);
  const Row others[] = {
      {R"({"message":"m","event_type":"error","event_name":"n","tags":["a"]})",
       R"({"tags":["a"]})"},
  };
  check(Dialect::change66, others);
}

TEST_CASE("parser: the Log Aggregator's fields and its metadata text are kept", "[ingest]") {
  const Row rows[] = {
      {R"({"message":"m","host":"h","process_count":12,"total_cpu_percent":1.50,)"
       R"("organization_id":"o","environment":"prod","tags":["a","b"],"api_key":"k"})",
       R"({"process_count":12,"total_cpu_percent":1.50,"organization_id":"o",)"
       R"("environment":"prod","tags":["a","b"]})"},
      {R"({"message":"m","metadata":"{\"a\": 1.0, \"token\": 2}"})", R"({"a": 1.0})"},
      {R"({"message":"m","metadata":"{\"a\":\"\\u00e9\"}","application":"x"})",
       R"({"a":"\u00e9","application":"x"})"},
      {R"({"message":"m","metadata":"{\"a\":1}","a":2})", R"({"a":1,"_a":2})"},
      {R"({"message":"m","metadata":{"a":1}})", R"({"a":1})"},
  };
  check(Dialect::aggregator, rows);
}

TEST_CASE("parser: tens of thousands of clashing keys are settled, each once", "[ingest]") {
  std::string body = R"({"message":"m","properties":{)";
  std::string extras;
  for (int i = 0; i < 20000; ++i) {
    body += fmt::format("{}\"k{}\":{}", i == 0 ? "" : ",", i, i);
    extras += fmt::format(",\"k{}\":{}", i, -i);
  }
  ParserFixture f;
  const std::string properties = properties_of(f, body + "}" + extras + "}", Dialect::native);
  CHECK(properties.find("\"k19999\":19999,\"_k0\":0,\"_k1\":-1,") != std::string::npos);
  CHECK(properties.ends_with("\"_k19999\":-19999}"));
}
