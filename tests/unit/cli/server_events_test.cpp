#include "cli/server_events.h"

#include "cli/wire_record.h"
#include "shared/base/error.h"
#include "shared/query/record_json.h"
#include "tests/support/catch.h"

#include <vector>

using namespace logctl;
using namespace logctl::cli;

TEST_CASE("server events: taken apart wherever the bytes are cut", "[cli]") {
  const std::string bytes =
      "retry: 1000\n: following\n\nid: 1\ndata: {\"a\":1}\n\nevent: skipped\r\ndata: x\r\ndata: "
      "y\r\n\r\n"
      "id: lonely\n\ndata:z\n\n";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    std::vector<ServerEvent> events;
    ServerEventReader reader;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece),
                  [&events](const ServerEvent& event) { events.push_back(event); });
    }
    INFO(piece);
    REQUIRE(events.size() == 3);
    CHECK(events[0].id == "1");
    CHECK(events[0].data == "{\"a\":1}");
    CHECK(events[0].type.empty());
    CHECK(events[1].type == "skipped");
    CHECK(events[1].data == "x\ny");
    CHECK(events[1].id.empty());
    CHECK(events[2].data == "z");
  }
}

TEST_CASE("wire record: what was written comes back", "[cli]") {
  LogRecord record;
  record.timestamp = from_micros(1'768'000'000'000'001);
  record.received_at = from_micros(1'768'000'000'000'002);
  record.processed_at = from_micros(1'768'000'000'000'003);
  record.event_id = "e \"1\"";
  record.service = "api";
  record.message = "line\nbreak \xC3\xA4";
  record.event_type = "error";
  record.event_name = "n";
  record.user_id = "u";
  record.session_id = "s";
  record.app_version = "1.0";
  record.host = "h";
  record.trace_id = "t";
  record.span_id = "p";
  record.priority = "high";
  record.tenant = "shop";
  record.properties = R"({"n":1.50,"big":12345678901234567890123,"deep":{"a":[1, null]}})";
  record.device_info = R"({"os":"x"})";
  record.sequence_number = -7;
  record.level = Level::warning;
  std::string text;
  query::append_record(text, record);
  Arena arena;
  std::string again;
  query::append_record(again, read_wire_record(text, arena));
  CHECK(again == text);

  LogRecord bare;
  bare.event_id = "b";
  bare.timestamp = record.timestamp;
  bare.received_at = record.received_at;
  std::string bare_text;
  query::append_record(bare_text, bare);
  const LogRecord read = read_wire_record(bare_text, arena);
  CHECK(read.properties.empty());
  CHECK(read.sequence_number == std::nullopt);
  CHECK(read.level == Level::none);

  for (const char* bad : {"", "<html>", "[]", "{\"event_id\":5}", "{"}) {
    INFO(bad);
    try {
      read_wire_record(bad, arena);
      FAIL("it was taken for a record");
    } catch (const Error& error) {
      CHECK(error.message().starts_with("the answer holds a line that is no record"));
      CHECK(error.hint() == "is it the address of a logctl daemon?");
    }
  }
}
