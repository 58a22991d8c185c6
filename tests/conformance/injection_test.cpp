// Text that would be SQL where somebody forgot to bind it: through every parameter, the text form
// and the values that records hold. It is looked for as it stands, or refused; it never does
// anything.
#include "shared/query/aggregate_parameters.h"
#include "shared/query/match.h"
#include "shared/query/parameters.h"
#include "shared/query/syntax.h"
#include "shared/storage/context.h"
#include "shared/storage/patterns.h"
#include "tests/conformance/world.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Op;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");

const std::vector<std::string>& attacks() {
  static const std::vector<std::string> list = {
      "'; DROP TABLE logs; --",
      "' OR '1'='1",
      "' OR 1=1 --",
      "x') OR tenant = 'other' --",
      "\" OR \"\"=\"",
      "\\'; DELETE FROM logs; --",
      "$1",
      "?1",
      ":name",
      "$$; DROP TABLE logs; $$",
      "%",
      "_",
      "*",
      "[a-z]*",
      "') UNION SELECT event_id FROM logs --",
      "1; SELECT pg_sleep(10)",
      "/* */ --",
      "\\",
      "\\\\",
      "''",
      "E'\\''",
      "{\"a\":1}",
      "}') IS NOT NULL OR ('",
      "a.b'c\"d",
      "tab\there",
      "two\nlines",
      "\xe2\x80\x99 OR 1=1",
  };
  return list;
}

constexpr std::string_view kNames[] = {
    "q",        "event_id",      "event_type", "event_name", "user_id",   "session_id",
    "priority", "provider_name", "service",    "level",      "min_level", "message",
    "host",     "trace_id",      "span_id",    "start_time", "since",     "end_time",
    "until",    "sort_by",       "sort_order", "page",       "page_size", "limit",
    "cursor",   "app_version",   "step",       "group",      "by",        "calc",
    "sample",   "prefix"};

// A record for each attack that holds it everywhere, one of somebody else's, one that is harmless.
void store_them(World& world, Rows& rows) {
  std::size_t number = 0;
  for (const std::string& text : attacks()) {
    LogRecord& record =
        rows.add(kNoon - seconds(static_cast<std::int64_t>(++number)), "id " + text);
    for (const auto member : {&LogRecord::service, &LogRecord::message, &LogRecord::event_type,
                              &LogRecord::event_name, &LogRecord::user_id, &LogRecord::host}) {
      record.*member = text;
    }
    std::string escaped;
    for (const char c : text) {
      if (c == '\t' || c == '\n') {
        escaped += c == '\t' ? "\\t" : "\\n";
        continue;
      }
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
    record.properties = rows.keep("{\"" + escaped + "\":\"" + escaped + "\",\"n\":1,\"o\":{\"" +
                                  escaped + "\":7}}");
  }
  rows.add(kNoon, "harmless").service = "api";
  rows.add(kNoon, "not theirs", "other").service = "api";
  world.append(rows);
}

// What `ask` may say no to; anything else it throws fails the test.
template <typename Ask>
void allowed(Ask ask) {
  try {
    ask();
  } catch (const query::ParameterError&) {
  } catch (const Error& error) {
    INFO(error.message());
    CHECK(error.code() == ErrorCode::validation_error);
  }
}

void check_answer(World& world, const Rows& rows, query::Query asked) {
  asked.tenant = "default";
  asked.limit = 1000;
  asked.offset = 0;
  asked.after.reset();
  const query::Matcher matcher(asked);
  std::multiset<std::string> expected;
  for (const LogRecord* record : rows.pointers()) {
    if (matcher.matches(*record)) expected.emplace(record->event_id);
  }
  const Ids found = ids(world.logs().search(asked).batch);
  CHECK(std::multiset<std::string>(found.begin(), found.end()) == expected);
  CHECK(world.logs().count(asked) == expected.size());
  query::Grouping by_service;
  by_service.query = asked;
  by_service.by = {{Field::service}};
  std::uint64_t counted = 0;
  for (const query::Group& group : world.backend.counts->groups(by_service)) {
    counted += group.count;
  }
  CHECK(counted == expected.size());
}

query::Filter filter(Field field, Op op, std::string value, std::vector<std::string> path = {}) {
  return {field, op, std::move(value), std::move(path)};
}

}  // namespace

TEST_CASE("injection: through every parameter", "[injection]") {
  World world;
  Rows rows;
  store_them(world, rows);
  for (const std::string& text : attacks()) {
    INFO(text);
    for (const std::string_view name : kNames) {
      INFO(name);
      const query::Parameters parameters = {{std::string(name), text}};
      allowed([&] {
        const query::Query asked = query::parse_filter(parameters, {}, kNoon).query;
        static_cast<void>(world.logs().search(asked));
        if (asked.sort == Field::timestamp) check_answer(world, rows, asked);
      });
      storage::CountStore& counts = *world.backend.counts;
      allowed([&] {
        static_cast<void>(counts.groups(query::parse_hits(parameters, {}, kNoon).grouping));
      });
      allowed(
          [&] { static_cast<void>(counts.facets(query::parse_facets(parameters, {}, kNoon))); });
      allowed([&] { static_cast<void>(counts.stats(query::parse_stats(parameters, {}, kNoon))); });
      allowed([&] {
        static_cast<void>(counts.values(query::parse_values("service", parameters, {}, kNoon)));
      });
    }
    for (const std::string& field : {text, "properties." + text, "properties.n." + text}) {
      allowed([&] {
        static_cast<void>(world.backend.counts->values(query::parse_values(field, {}, {}, kNoon)));
      });
      for (const std::string& calc : {field, "sum(" + field + ")", "distinct(" + field + ")"}) {
        allowed([&] {
          const query::Parameters parameters = {{"by", field}, {"calc", calc}};
          static_cast<void>(world.backend.counts->stats(query::parse_stats(parameters, {}, kNoon)));
        });
      }
    }
  }
  CHECK(world.logs().count({}) == attacks().size() + 1);
  CHECK(world.logs().total_rows() == rows.size());
}

TEST_CASE("injection: through the text form", "[injection]") {
  World world;
  Rows rows;
  store_them(world, rows);
  for (const std::string& text : attacks()) {
    std::string quoted = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') quoted += '\\';
      quoted += c;
    }
    quoted += '"';
    for (const std::string& question :
         {text, quoted, "service:" + quoted, "service:" + text, "-service:" + quoted,
          "properties." + text + ":" + quoted, "properties.n:" + quoted, "service:/" + text + "/",
          "/" + text + "/", "level:" + quoted, "since:" + quoted,
          quoted + " or user_id:" + quoted}) {
      INFO(question);
      allowed([&] {
        query::Query asked;
        query::parse_text(question, kNoon, asked);
        check_answer(world, rows, asked);
      });
    }
  }
  CHECK(world.logs().total_rows() == rows.size());
}

TEST_CASE("injection: through filters, positions, ids and tenants", "[injection]") {
  World world;
  Rows rows;
  store_them(world, rows);
  for (const std::string& text : attacks()) {
    INFO(text);
    for (const Op op : {Op::equal, Op::contains, Op::like}) {
      query::Query asked;
      asked.filters = {filter(Field::host, op, text)};
      check_answer(world, rows, asked);
      asked.filters = {filter({}, op, text, {text})};
      check_answer(world, rows, asked);
      asked.filters = {filter({}, op, text, {"n", text})};
      check_answer(world, rows, asked);
    }
    for (const Op op : {Op::less, Op::at_most, Op::more, Op::at_least}) {
      query::Query asked;
      for (const std::vector<std::string>& path :
           {std::vector<std::string>{text}, {"o", text}, {"n", text}, {"o", text, text}}) {
        asked.filters = {filter({}, op, "7", path)};
        check_answer(world, rows, asked);
      }
    }
    query::Query page;
    page.after = query::Cursor{kNoon, text};
    static_cast<void>(world.logs().search(page));
    CHECK_FALSE(world.logs().find("default", {kNoon, text}).has_value());
    CHECK(world.logs().find("default", {kNoon, "harmless"}).has_value());
    page = {};
    page.tenant = text;
    CHECK(world.logs().search(page).batch.records.empty());
    CHECK(world.logs().count(page) == 0);
    query::Values values = world.backend.counts->values({{}, {Field::service}, text, 10});
    CHECK(std::all_of(values.top.begin(), values.top.end(),
                      [&](const query::Value& value) { return value.text.starts_with(text); }));
    static_cast<void>(storage::find_patterns(world.logs(), page, 100, 10));
    const storage::ContextRequest around{{kNoon, text}, 3, 3, {Field::service}};
    CHECK_FALSE(storage::find_context(world.logs(), query::View("default"), around).has_value());
  }
  CHECK(world.logs().total_rows() == rows.size());
}
