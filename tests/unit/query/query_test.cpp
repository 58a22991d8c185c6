#include "shared/query/query.h"

#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/query/text.h"
#include "tests/support/catch.h"

#include <string>

namespace logctl::query {
namespace {

TEST_CASE("query: field names go there and back", "[query]") {
  for (int i = 0; i <= static_cast<int>(Field::priority); ++i) {
    const auto field = static_cast<Field>(i);
    CHECK(parse_field(field_name(field)) == field);
  }
  CHECK(field_name(Field::priority) == "priority");
  CHECK(parse_field("created_at") == Field::received_at);
  CHECK_FALSE(parse_field("id"));
  CHECK(likely_field("sevice") == "service");
  CHECK(likely_field("lvl") == "level");
  CHECK(likely_field("attributes.http.method") == "properties.http.method");
  CHECK(likely_field("something") == "");
  CHECK_FALSE(parse_field("properties"));
  CHECK_FALSE(parse_field("timestamp; drop table logs"));
}

TEST_CASE("query: a cursor survives the round trip", "[query]") {
  for (const std::string& id :
       {std::string("e-1"), std::string("größe/+ ?"), std::string(255, 'x')}) {
    const Cursor cursor{*parse_rfc3339("2026-01-15T10:30:00.123456Z"), id};
    const auto back = parse_cursor(format_cursor(cursor));
    REQUIRE(back);
    CHECK(back->timestamp == cursor.timestamp);
    CHECK(back->event_id == cursor.event_id);
  }
}

TEST_CASE("query: garbage is no cursor", "[query]") {
  const Timestamp time = *parse_rfc3339("2026-01-15T10:30:00Z");
  const std::string cases[] = {
      "",
      "x",
      "not a cursor!",
      "AAAA",
      format_cursor({time, ""}),
      format_cursor({time, std::string(256, 'x')}),
      format_cursor({time, std::string("a\0b", 3)}),
      format_cursor({time, "\xff"}),
      format_cursor({Timestamp::min(), "a"}),
      format_cursor({Timestamp::max(), "a"}),
      base64url_encode(std::string(400, '\xff')),
  };
  for (const std::string& text : cases) {
    CAPTURE(text);
    CHECK_FALSE(parse_cursor(text));
  }
}

TEST_CASE("query: only UTF-8 without NUL can be stored", "[query]") {
  struct Case {
    std::string text;
    bool good;
  };
  const Case cases[] = {
      {"", true},
      {"plain", true},
      {"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", true},
      {"\xf4\x8f\xbf\xbf", true},
      {std::string("a\0b", 3), false},
      {"\x80", false},
      {"\xc3", false},
      {"\xc0\x80", false},
      {"\xe0\x80\x80", false},
      {"\xed\xa0\x80", false},
      {"\xf4\x90\x80\x80", false},
      {"\xff", false},
      {"\xe2\x82", false},
      {"\xc3(", false},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(is_storable_text(c.text) == c.good);
  }
}

}  // namespace
}  // namespace logctl::query
