#include "shared/storage/index_field.h"

#include "shared/base/error.h"
#include "shared/storage/time_spans.h"
#include "tests/support/catch.h"

using namespace logctl;
using storage::parse_index_field;
using storage::TimeSpan;
using storage::TimeSpans;

namespace {

std::string refusal_of(std::string_view name) {
  try {
    parse_index_field(name);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.message() + (error.hint().empty() ? "" : "; " + error.hint());
  }
  return "none";
}

TimeSpan span(int first, int last) { return {from_micros(first), from_micros(last)}; }

}  // namespace

TEST_CASE("index field: columns, properties and the words of the message", "[storage]") {
  CHECK(parse_index_field("user_id").column == query::Field::user_id);
  CHECK(parse_index_field("text").kind == storage::IndexField::Kind::text);
  const storage::IndexField property = parse_index_field("properties.order.id");
  CHECK(property.kind == storage::IndexField::Kind::property);
  CHECK(property.path == std::vector<std::string>{"order", "id"});
  for (const std::string& name : storage::index_field_names()) {
    CHECK(parse_index_field(name).name == name);
  }
}

TEST_CASE("index field: a refusal says what would be right", "[storage]") {
  CHECK(refusal_of("user_idd") ==
        "index on 'user_idd': expected properties.NAME or one of service, level, event_type, "
        "event_name, user_id, session_id, app_version, host, trace_id, span_id, priority, text; "
        "did you mean user_id?");
  CHECK(refusal_of("message") ==
        "index on 'message': words of the message have an index of their own; its name is `text`");
  CHECK(refusal_of("timestamp") == "index on 'timestamp': the key of every day serves it already");
  CHECK(refusal_of("properties.") ==
        "index on 'properties.': expected the names of a property joined by dots, like "
        "properties.order.id, without quotes and backslashes");
  CHECK(refusal_of("properties.a\"b").find("without quotes") != std::string::npos);
  CHECK(refusal_of("properties." + std::string(200, 'x')).find("more than 100 bytes") !=
        std::string::npos);
}

TEST_CASE("time spans: joined, and cut with each other", "[storage]") {
  CHECK(storage::tidied({span(5, 9), span(1, 3), span(2, 4), span(9, 9)}) ==
        TimeSpans{span(1, 4), span(5, 9)});
  CHECK(storage::in_either({span(1, 3), span(8, 9)}, {span(2, 5), span(7, 7)}) ==
        TimeSpans{span(1, 5), span(7, 7), span(8, 9)});
  CHECK(storage::in_both({span(1, 5), span(8, 20)}, {span(4, 9), span(12, 12), span(20, 30)}) ==
        TimeSpans{span(4, 5), span(8, 9), span(12, 12), span(20, 20)});
  CHECK(storage::in_both({span(1, 5)}, {}).empty());
}
