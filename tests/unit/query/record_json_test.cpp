#include "shared/query/record_json.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

namespace logctl::query {
namespace {

TEST_CASE("query: a record with little in it keeps Change66's members and drops ours", "[query]") {
  LogRecord record;
  record.timestamp = *parse_rfc3339("2026-01-15T10:30:00Z");
  record.received_at = *parse_rfc3339("2026-01-15T10:30:01.25Z");
  record.event_id = "e-1";
  std::string out;
  append_record(out, record);
  CHECK(out == R"({"id":")" + format_record_id(record.timestamp, "e-1") +
                   R"(","event_id":"e-1","timestamp":"2026-01-15T10:30:00Z",)"
                   R"("event_type":null,"event_name":null,"properties":{},"user_id":null,)"
                   R"("session_id":null,"app_version":null,"device_info":{},)"
                   R"("sequence_number":null,"priority":"normal",)"
                   R"("created_at":"2026-01-15T10:30:01.25Z","processed_at":null,)"
                   R"("tenant":"default"})");
}

TEST_CASE("query: a full record keeps objects as they are stored and escapes text", "[query]") {
  LogRecord record;
  record.timestamp = *parse_rfc3339("2026-01-15T10:30:00Z");
  record.received_at = record.timestamp;
  record.processed_at = record.timestamp + seconds(2);
  record.event_id = "e\"1";
  record.event_type = "error";
  record.event_name = "crash";
  record.properties = R"({"n":1.50,"z":null})";
  record.user_id = "u";
  record.session_id = "s";
  record.app_version = "1.2";
  record.device_info = R"({"os":"x"})";
  record.sequence_number = 0;
  record.priority = "high";
  record.service = "api";
  record.level = Level::warning;
  record.message = "line\nbreak";
  record.host = "h";
  record.trace_id = "t";
  record.span_id = "p";
  record.tenant = "acme";
  std::string out;
  append_record(out, record);
  CHECK(out == R"({"id":")" + format_record_id(record.timestamp, record.event_id) +
                   R"(","event_id":"e\"1","timestamp":"2026-01-15T10:30:00Z",)"
                   R"("event_type":"error","event_name":"crash","properties":{"n":1.50,"z":null},)"
                   R"("user_id":"u","session_id":"s","app_version":"1.2","device_info":{"os":"x"},)"
                   R"("sequence_number":0,"priority":"high","created_at":"2026-01-15T10:30:00Z",)"
                   R"("processed_at":"2026-01-15T10:30:02Z","service":"api","level":"WARNING",)"
                   R"("message":"line\nbreak","host":"h","trace_id":"t","span_id":"p",)"
                   R"("tenant":"acme"})");
}

}  // namespace
}  // namespace logctl::query
