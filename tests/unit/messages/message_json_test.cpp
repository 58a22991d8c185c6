#include "shared/messages/message_json.h"

#include "tests/support/catch.h"

#include <string>

using namespace logctl;
using messages::parse_time;
using std::chrono::nanoseconds;
using storage::Message;
using storage::MessageTime;

namespace {

std::string text_of(MessageTime time) {
  std::string text;
  messages::append_time(text, time);
  return text;
}

MessageTime time_of(std::int64_t ns) { return MessageTime(nanoseconds(ns)); }

Message full() {
  Message message;
  message.id = "00000000-0000-7000-8000-000000000001";
  message.stream = "order-\"1\"";
  message.type = "Päid";
  message.position = 3;
  message.global_position = 17;
  message.data = R"({"sum":12.50})";
  message.metadata = R"({"m":null})";
  message.time = time_of(1'768'473'000'123'456'789);
  return message;
}

}  // namespace

TEST_CASE("message json: answers are arrays, exports are objects", "[message_json]") {
  Message message = full();
  std::string out = "[";
  messages::append_stream_message(out, message);
  CHECK(out ==
        "[[\"00000000-0000-7000-8000-000000000001\",\"Päid\",3,17,{\"sum\":12.50},{\"m\":null},"
        "\"2026-01-15T10:30:00.123456789Z\"]");
  out.clear();
  message.metadata.clear();
  messages::append_category_message(out, message);
  CHECK(out ==
        "[\"00000000-0000-7000-8000-000000000001\",\"order-\\\"1\\\"\",\"Päid\",3,17,"
        "{\"sum\":12.50},null,\"2026-01-15T10:30:00.123456789Z\"]");
  out.clear();
  messages::append_export_line(out, message);
  CHECK(out ==
        "{\"id\":\"00000000-0000-7000-8000-000000000001\",\"stream\":\"order-\\\"1\\\"\","
        "\"type\":\"Päid\",\"pos\":3,\"gpos\":17,\"data\":{\"sum\":12.50},\"meta\":null,"
        "\"time\":\"2026-01-15T10:30:00.123456789Z\"}");
}

TEST_CASE("message json: a time has the digits that it needs", "[message_json]") {
  const std::int64_t second = 1'768'473'000'000'000'000;
  CHECK(text_of(time_of(second)) == "2026-01-15T10:30:00Z");
  CHECK(text_of(time_of(second + 500'000'000)) == "2026-01-15T10:30:00.5Z");
  CHECK(text_of(time_of(second + 1'000)) == "2026-01-15T10:30:00.000001Z");
  CHECK(text_of(time_of(second + 1)) == "2026-01-15T10:30:00.000000001Z");
  CHECK(text_of(time_of(second + 120)) == "2026-01-15T10:30:00.00000012Z");
  CHECK(text_of(time_of(-1)) == "1969-12-31T23:59:59.999999999Z");
  CHECK(text_of(time_of(0)) == "1970-01-01T00:00:00Z");
}

TEST_CASE("message json: a time is read with nine digits", "[message_json]") {
  const MessageTime base = time_of(1'768'473'000'000'000'000);
  CHECK(parse_time("2026-01-15T10:30:00Z") == base);
  CHECK(parse_time("2026-01-15T10:30:00.123456789Z") == base + nanoseconds(123'456'789));
  CHECK(parse_time("2026-01-15T10:30:00.1234567Z") == base + nanoseconds(123'456'700));
  CHECK(parse_time("2026-01-15T10:30:00.000000001Z") == base + nanoseconds(1));
  CHECK(parse_time("2026-01-15T12:30:00.123456789+02:00") == base + nanoseconds(123'456'789));
  // The digits of an offset are none of the fraction.
  CHECK(parse_time("2026-01-15T13:05:00.5+02:35") == base + nanoseconds(500'000'000));
  CHECK(parse_time("2026-01-15T13:05:00.12+02:35") == base + nanoseconds(120'000'000));
  CHECK(parse_time("2026-01-15T13:05:00.123+02:35") == base + nanoseconds(123'000'000));
  CHECK(parse_time("2026-01-15T07:55:00.1234-02:35") == base + nanoseconds(123'400'000));
  CHECK(parse_time("2026-01-15T10:30:00.12345+00:00") == base + nanoseconds(123'450'000));
  CHECK(parse_time("1969-12-31T23:59:59.999999999Z") == time_of(-1));
}

TEST_CASE("message json: every time comes back", "[message_json]") {
  std::uint64_t state = 7;
  for (int i = 0; i < 10'000; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    // Within the years that are allowed.
    const MessageTime time = time_of(static_cast<std::int64_t>(state) / 10'000 * 9'990);
    REQUIRE(parse_time(text_of(time)) == time);
  }
}

TEST_CASE("message json: what is no time, or too far away, is nothing", "[message_json]") {
  for (const char* text :
       {"", "now", "2026-01-15", "2026-01-15T10:30:00", "2026-13-15T10:30:00Z",
        "2026-01-15T10:30:00.Z", "2026-01-15T10:30:00.1234567890Z", "1677-12-31T23:59:59Z",
        "2262-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"}) {
    INFO(text);
    CHECK_FALSE(parse_time(text).has_value());
  }
  CHECK(parse_time("1678-01-01T00:00:00Z").has_value());
  CHECK(parse_time("2261-12-31T23:59:59.999999999Z").has_value());
}
