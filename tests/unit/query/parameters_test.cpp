#include "shared/query/parameters.h"

#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace logctl::query {
namespace {

const Timestamp kNow = *parse_rfc3339("2026-01-15T12:00:00Z");
const std::vector<std::string> kTypes = {"behavioral", "telemetry", "error"};

FilterRequest read(const Parameters& parameters, std::uint32_t max_page_size = 1000) {
  return parse_filter(parameters, kTypes, kNow, max_page_size);
}

TEST_CASE("query: no parameters ask for the newest fifty", "[query]") {
  const FilterRequest request = read({});
  CHECK(request.page == 1);
  CHECK(request.page_size == 50);
  CHECK_FALSE(request.keyset);
  CHECK(request.query.limit == 50);
  CHECK(request.query.offset == 0);
  CHECK(request.query.sort == Field::timestamp);
  CHECK(request.query.order == Order::descending);
  CHECK(request.query.filters.empty());
  CHECK_FALSE(request.query.since);
  CHECK_FALSE(request.query.until);
}

TEST_CASE("query: each filter parameter becomes one comparison", "[query]") {
  struct Case {
    std::string name, value;
    Field field;
    Op op;
  };
  const Case cases[] = {
      {"event_id", "e", Field::event_id, Op::equal},
      {"event_type", "error", Field::event_type, Op::equal},
      {"event_name", "x", Field::event_name, Op::equal},
      {"user_id", "u'--", Field::user_id, Op::equal},
      {"session_id", "s", Field::session_id, Op::equal},
      {"app_version", "1", Field::app_version, Op::equal},
      {"priority", "high", Field::priority, Op::equal},
      {"service", "api", Field::service, Op::equal},
      {"level", "warn", Field::level, Op::equal},
      {"min_level", "Error", Field::level, Op::at_least},
      {"host", "h", Field::host, Op::equal},
      {"trace_id", "t", Field::trace_id, Op::equal},
      {"span_id", "s", Field::span_id, Op::equal},
      {"message", "50%", Field::message, Op::contains},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const FilterRequest request = read({{c.name, c.value}});
    REQUIRE(request.query.filters.size() == 1);
    CHECK(request.query.filters[0].field == c.field);
    CHECK(request.query.filters[0].op == c.op);
    CHECK(request.query.filters[0].value == c.value);
  }
  const FilterRequest provider = read({{"provider_name", "nfc_notifier"}});
  CHECK(provider.query.filters.at(0).op == Op::equal);
  CHECK(provider.query.filters.at(0).path == std::vector<std::string>{"tags", "provider"});
}

TEST_CASE("query: an empty value is a parameter that was not given", "[query]") {
  const FilterRequest request =
      read({{"event_type", ""}, {"page", ""}, {"user_id", ""}, {"user_id", "u"}});
  CHECK(request.query.filters.size() == 1);
  CHECK(request.page == 1);
}

TEST_CASE("query: event_type may be anything when no list is configured", "[query]") {
  CHECK(parse_filter({{"event_type", "own"}}, {}, kNow).query.filters.at(0).value == "own");
}

TEST_CASE("query: time bounds", "[query]") {
  struct Case {
    std::string name, value, bound;
  };
  const Case cases[] = {
      {"start_time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
      {"start_time", "2026-01-01T02:00:00+02:00", "2026-01-01T00:00:00Z"},
      {"since", "1h30m", "2026-01-15T10:30:00Z"},
      {"since", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
      {"end_time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z"},
      {"until", "1d", "2026-01-14T12:00:00Z"},
      {"until", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name, c.value);
    const Query query = read({{c.name, c.value}}).query;
    const auto bound = query.since ? query.since : query.until;
    REQUIRE(bound);
    CHECK(format_rfc3339(*bound) == c.bound);
    CHECK(query.since.has_value() == (c.name == "start_time" || c.name == "since"));
  }
}

TEST_CASE("query: pages become limit and offset", "[query]") {
  const FilterRequest request = read({{"page", "3"}, {"page_size", "20"}});
  CHECK(request.page == 3);
  CHECK(request.query.limit == 20);
  CHECK(request.query.offset == 40);
  CHECK(read({{"page", "4294967295"}, {"limit", "1000"}}).query.offset == 4294967294000ULL);
}

TEST_CASE("query: sorting takes Change66's names and any case of the order", "[query]") {
  struct Case {
    std::string by;
    Field field;
  };
  const Case cases[] = {{"created_at", Field::received_at}, {"id", Field::timestamp},
                        {"timestamp", Field::timestamp},    {"event_id", Field::event_id},
                        {"priority", Field::priority},      {"app_version", Field::app_version}};
  for (const Case& c : cases) CHECK(read({{"sort_by", c.by}}).query.sort == c.field);
  for (const char* order : {"ASC", "asc", "Asc"}) {
    CHECK(read({{"sort_order", order}}).query.order == Order::ascending);
  }
  CHECK(read({{"sort_order", "DESC"}}).query.order == Order::descending);
}

TEST_CASE("query: a cursor asks for keyset pages", "[query]") {
  const FilterRequest first = read({{"cursor", ""}, {"limit", "7"}});
  CHECK(first.keyset);
  CHECK_FALSE(first.query.after);
  CHECK(first.query.limit == 7);
  const FilterRequest next =
      read({{"cursor", format_cursor({kNow, "e-1"})}, {"sort_order", "asc"}});
  REQUIRE(next.query.after);
  CHECK(next.query.after->event_id == "e-1");
  CHECK(next.query.order == Order::ascending);
}

TEST_CASE("query: a bad parameter is refused with its name and what is allowed", "[query]") {
  struct Case {
    Parameters parameters;
    std::string name, parameter, message;
  };
  const Case cases[] = {
      {{{"start_time", "yesterday"}},
       "invalid_start_time",
       "start_time",
       "start_time: expected an RFC 3339 time such as 2026-01-15T10:30:00Z, found `yesterday`"},
      {{{"end_time", "2026-01-15T10:30:00 02:00"}},
       "invalid_end_time",
       "end_time",
       "end_time: expected an RFC 3339 time such as 2026-01-15T10:30:00Z, found "
       "`2026-01-15T10:30:00 02:00`; a `+` in a URL is written %2B"},
      {{{"since", "1x"}},
       "invalid_start_time",
       "since",
       "since: expected a duration before now such as 1h30m, or an RFC 3339 time, found `1x`"},
      {{{"since", "1h"}, {"start_time", "2026-01-01T00:00:00Z"}},
       "invalid_start_time",
       "start_time",
       "start_time: cannot be combined with since, which says the same"},
      {{{"since", "1h"}, {"until", "2h"}},
       "invalid_end_time",
       "until",
       "until: the end 2026-01-15T10:00:00Z lies before the start 2026-01-15T11:00:00Z"},
      {{{"start_time", "2026-01-02T00:00:00Z"}, {"end_time", "2026-01-01T00:00:00Z"}},
       "invalid_end_time",
       "end_time",
       "end_time: the end 2026-01-01T00:00:00Z lies before the start 2026-01-02T00:00:00Z"},
      {{{"event_type", "Error"}},
       "invalid_event_type",
       "event_type",
       "event_type: expected one of behavioral, telemetry, error, found `Error`"},
      {{{"priority", "urgent"}},
       "invalid_priority",
       "priority",
       "priority: expected one of normal, high, found `urgent`"},
      {{{"level", "loud"}},
       "invalid_parameter",
       "level",
       "level: expected TRACE, DEBUG, INFO, NOTICE, WARN, WARNING, ERROR, CRITICAL or FATAL, found "
       "`loud`"},
      {{{"page", "0"}},
       "invalid_parameter",
       "page",
       "page: expected a whole number from 1 to 4294967295, found `0`"},
      {{{"page_size", "1001"}},
       "invalid_parameter",
       "page_size",
       "page_size: expected a whole number from 1 to 1000, found `1001`"},
      {{{"limit", "-1"}},
       "invalid_parameter",
       "limit",
       "limit: expected a whole number from 1 to 1000, found `-1`"},
      {{{"limit", "5"}, {"page_size", "5"}},
       "invalid_parameter",
       "page_size",
       "page_size: cannot be combined with limit, which says the same"},
      {{{"sort_by", "properties"}},
       "invalid_parameter",
       "sort_by",
       "sort_by: expected one of id, timestamp, created_at, received_at, event_id, event_type, "
       "event_name, user_id, session_id, app_version, priority, service, level, host, trace_id, "
       "span_id, sequence_number, found `properties`"},
      {{{"sort_order", "up"}},
       "invalid_parameter",
       "sort_order",
       "sort_order: expected asc or desc, found `up`"},
      {{{"cursor", "garbage!"}},
       "invalid_parameter",
       "cursor",
       "cursor: expected the next_cursor of an earlier answer, or nothing for the first page, "
       "found `garbage!`"},
      {{{"cursor", ""}, {"sort_by", "user_id"}},
       "invalid_parameter",
       "cursor",
       "cursor: pages by cursor are in the order of time: leave out sort_by (found user_id) or the "
       "cursor"},
      {{{"cursor", ""}, {"page", "2"}},
       "invalid_parameter",
       "cursor",
       "cursor: cannot be combined with page: the cursor is the place to go on from"},
      {{{"user_id", "a"}, {"user_id", "b"}},
       "invalid_parameter",
       "user_id",
       "user_id: was given twice"},
      {{{"user_id", "a\xff"}},
       "invalid_parameter",
       "user_id",
       "user_id: expected UTF-8 text without NUL, found other bytes"},
      {{{"message", std::string(1025, 'x')}},
       "invalid_parameter",
       "message",
       "message: expected at most 1024 bytes, found 1025"},
      {{{"evnt_type", "error"}},
       "invalid_parameter",
       "evnt_type",
       "evnt_type: unknown parameter, did you mean event_type?"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    try {
      read(c.parameters);
      FAIL("was taken");
    } catch (const ParameterError& error) {
      CHECK(error.code() == ErrorCode::validation_error);
      CHECK(error.name() == c.name);
      CHECK(error.parameter() == c.parameter);
      CHECK(error.message() == c.message);
      CHECK(error.message() == error.parameter() + ": " + error.problem());
    }
  }
}

TEST_CASE("query: an unknown name that resembles none lists the known ones", "[query]") {
  try {
    read({{"zzzzzzzzzzzz", ""}});
    FAIL("was taken");
  } catch (const ParameterError& error) {
    CHECK(error.message().starts_with(
        "zzzzzzzzzzzz: unknown parameter; known are q, event_id, event_type, "));
  }
}

}  // namespace
}  // namespace logctl::query
