#include "service/handlers/aggregator_record.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <string>

namespace logctl::handlers {
namespace {

std::string written(std::string_view properties, std::string_view service = {}) {
  LogRecord record;
  record.timestamp = *parse_rfc3339("2026-01-15T12:00:00Z");
  record.event_id = "e";
  record.service = service;
  record.properties = properties;
  std::string out;
  JsonWriter writer(out);
  write_aggregator_record(writer, record);
  const std::string head = R"({"id":")" + format_record_id(record.timestamp, "e") +
                           R"(","organization_id":"default","user_id":"",)"
                           R"("timestamp":"2026-01-15T12:00:00Z","host":"","message":"",)"
                           R"("level":"","metadata":)";
  REQUIRE(out.starts_with(head));
  return out.substr(head.size());
}

TEST_CASE("logs: members of the Log Aggregator return from the properties to the top",
          "[handlers]") {
  struct Case {
    std::string properties, service, expected;
  };
  const Case cases[] = {
      {"", "api", R"("{}","application":"api"})"},
      {"{}", "", R"("{}","application":""})"},
      {R"({"a":1})", "", R"("{\"a\":1}","application":""})"},
      {R"({ "a" : {"tags":[1,"}"]} , "tags": ["x, \"y\"", "]"] })", "",
       R"("{\"a\":{\"tags\":[1,\"}\"]} }","application":"","tags":["x, \"y\"", "]"] })"},
      {R"({"application":"shop","component":"cart","process_count":3,"total_cpu_percent":1.50})",
       "api",
       R"("{}","application":"shop","component":"cart","process_count":3,)"
       R"("total_cpu_percent":1.50})"},
      {R"({"k\"1":"\\","environment":null})", "",
       R"("{\"k\\\"1\":\"\\\\\"}","application":"","environment":null})"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.properties);
    CHECK(written(c.properties, c.service) == c.expected);
  }
}

TEST_CASE("logs: damaged properties do not leave their bounds", "[handlers]") {
  for (const char* properties : {"{", "[1]", "{\"a", "{\"a\\", "{\"a\":", "{\"a\":\"\\", "x",
                                 "{\"a\":1,", "{\"a\":[[[", "{\"a\":1}}"}) {
    CAPTURE(properties);
    const std::string rest = written(properties);
    CHECK(rest.ends_with(R"("application":""})"));
  }
}

}  // namespace
}  // namespace logctl::handlers
