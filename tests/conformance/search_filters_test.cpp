// What each comparison and each text finds.
#include "shared/query/syntax.h"
#include "tests/conformance/search_world.h"

#include <string>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;

TEST_CASE("search: every comparison finds what it should", "[search]") {
  World world;
  Rows rows;
  LogRecord& a = rows.add(kNoon, "a");
  a.service = "api";
  a.message = "Connection REFUSED by 10%_\\x";
  a.level = Level::error;
  a.event_type = "error";
  a.event_name = "net.refused";
  a.user_id = "u1";
  a.session_id = "s1";
  a.app_version = "1.0";
  a.host = "h1";
  a.trace_id = "t1";
  a.span_id = "p1";
  a.sequence_number = 7;
  a.priority = "high";
  a.properties = R"({"code": 42, "name": "x", "ok": true, "none": null, "geo": {"city": "Köln"}})";
  LogRecord& b = rows.add(kNoon + seconds(1), "b");
  b.service = "API";
  b.message = "connection fine, 10 percent";
  b.level = Level::warning;
  b.properties = R"({"code": "42", "name": "y", "geo": {"city": "Bonn"}})";
  LogRecord& c = rows.add(kNoon + seconds(2), "c");
  c.level = Level::warn;
  rows.add(kNoon + seconds(3), "d");
  world.append(rows);

  struct Row {
    Filter filter;
    Ids expected;
  };
  const std::vector<Row> cases = {
      {{Field::service, Op::equal, "api", {}}, {"a"}},
      {{Field::service, Op::equal, "ap", {}}, {}},
      {{Field::message, Op::equal, "connection fine, 10 percent", {}}, {"b"}},
      {{Field::event_id, Op::equal, "c", {}}, {"c"}},
      {{Field::timestamp, Op::equal, "2026-03-10T12:00:01Z", {}}, {"b"}},
      {{Field::received_at, Op::equal, "2026-03-10T12:00:02.001Z", {}}, {"c"}},
      {{Field::event_type, Op::equal, "error", {}}, {"a"}},
      {{Field::event_name, Op::equal, "net.refused", {}}, {"a"}},
      {{Field::user_id, Op::equal, "u1", {}}, {"a"}},
      {{Field::session_id, Op::equal, "s1", {}}, {"a"}},
      {{Field::app_version, Op::equal, "1.0", {}}, {"a"}},
      {{Field::host, Op::equal, "h1", {}}, {"a"}},
      {{Field::trace_id, Op::equal, "t1", {}}, {"a"}},
      {{Field::span_id, Op::equal, "p1", {}}, {"a"}},
      {{Field::sequence_number, Op::equal, "7", {}}, {"a"}},
      {{Field::priority, Op::equal, "high", {}}, {"a"}},
      {{Field::priority, Op::equal, "normal", {}}, {"b", "c", "d"}},
      {{Field::level, Op::equal, "error", {}}, {"a"}},
      {{Field::level, Op::equal, "warn", {}}, {"b", "c"}},
      {{Field::level, Op::at_least, "warning", {}}, {"a", "b", "c"}},
      {{Field::level, Op::at_least, "error", {}}, {"a"}},
      {{Field::level, Op::at_least, "fatal", {}}, {}},
      {{Field::message, Op::contains, "CONNECTION", {}}, {"a", "b"}},
      {{Field::message, Op::contains, "refused", {}}, {"a"}},
      {{Field::message, Op::contains, "10%", {}}, {"a"}},
      {{Field::message, Op::contains, "_", {}}, {"a"}},
      {{Field::message, Op::contains, "\\", {}}, {"a"}},
      {{Field::message, Op::contains, "'; --", {}}, {}},
      {{Field::service, Op::contains, "ap", {}}, {"a", "b"}},
      {{Field::message, Op::equal, "42", {"code"}}, {"a", "b"}},
      {{Field::message, Op::equal, "x", {"name"}}, {"a"}},
      {{Field::message, Op::equal, "true", {"ok"}}, {"a"}},
      {{Field::message, Op::equal, "null", {"none"}}, {}},
      {{Field::message, Op::equal, "Köln", {"geo", "city"}}, {"a"}},
      {{Field::message, Op::equal, "x", {"missing"}}, {}},
  };
  for (const Row& row : cases) {
    INFO(query::field_name(row.filter.field)
         << " op " << static_cast<int>(row.filter.op) << " " << row.filter.value);
    Query query = query_of(Order::ascending);
    query.filters = {row.filter};
    CHECK(ids(world.logs().search(query).batch) == row.expected);
    CHECK(world.logs().count(query) == row.expected.size());
  }
  Query both = query_of();
  both.filters = {{Field::message, Op::contains, "connection", {}},
                  {Field::level, Op::equal, "error", {}}};
  CHECK(ids(world.logs().search(both).batch) == Ids{"a"});
}

TEST_CASE("search: questions in text form", "[search]") {
  World world;
  Rows rows;
  LogRecord& a = rows.add(kNoon, "a");
  a.message = "GET /index [200] 50%";
  a.level = Level::info;
  a.service = "web";
  a.user_id = "u-1*";
  a.sequence_number = 5;
  a.properties = R"({"ms": 250, "s": "300", "geo": {"city": "Köln"}, "ok": true})";
  LogRecord& b = rows.add(kNoon + seconds(1), "b");
  b.message = "POST /index refused";
  b.service = "api";
  b.level = Level::error;
  b.user_id = "u-22";
  b.properties = R"({"ms": 250.5, "geo": {"city": null}})";
  LogRecord& c = rows.add(kNoon + seconds(2), "c");
  c.message = "late";
  c.level = Level::warning;
  c.user_id = "U-3";
  c.sequence_number = -5;
  c.properties = R"({"ms": 1e3, "geo": 7})";
  world.append(rows);

  struct Case {
    const char* text;
    Ids expected;
  };
  const std::vector<Case> cases = {
      {"index", {"a", "b"}},
      {"INDEX refused", {"b"}},
      {"\"50%\" or late", {"a", "c"}},
      {"-index", {"c"}},
      {"service:api", {"b"}},
      {"-service:api", {"a", "c"}},
      {"service!=api", {"a", "c"}},
      {"service:(api or web)", {"a", "b"}},
      {"service:*", {"a", "b"}},
      {"-service:*", {"c"}},
      {"user_id:u-*", {"a", "b"}},
      {"user_id:\"u-1*\"", {"a"}},
      {"user_id:*2*", {"b"}},
      {"message:*[200]*", {"a"}},
      {"level>=warn", {"b", "c"}},
      {"level>warn", {"b"}},
      {"level<=info", {"a"}},
      {"level>fatal", {}},
      {"sequence_number>0", {"a"}},
      {"sequence_number<=-5", {"c"}},
      {"timestamp>2026-03-10T12:00:00Z timestamp<2026-03-10T12:00:02Z", {"b"}},
      {"properties.ms>250", {"b", "c"}},
      {"properties.ms>=250 properties.ms<1000", {"a", "b"}},
      {"properties.ms:250", {"a"}},
      {"properties.s>1", {}},
      {"properties.ms>1e-300 properties.ms<1e300", {"a", "b", "c"}},
      {"properties.ms>=.5 properties.ms<=0250.", {"a"}},
      {"properties.s:300", {"a"}},
      {"properties.s:3*", {"a"}},
      {"properties.ok:true", {"a"}},
      {"properties.geo.city:*", {"a"}},
      {"-properties.geo.city:Köln", {"b", "c"}},
      {"properties.geo:*", {"a", "b", "c"}},
      {"(service:web or level:error) -refused", {"a"}},
      {"--index", {"a", "b"}},
      {"\"'; DROP TABLE logs; --\" or user_id:\"' OR 1=1 --\"", {}},
      {"since:2026-03-10T12:00:01Z", {"b", "c"}},
      {"index until:2026-03-10T12:00:01Z", {"a"}},
  };
  for (const Case& row : cases) {
    INFO(row.text);
    Query query = query_of(Order::ascending);
    query::parse_text(row.text, kNoon, query);
    CHECK(ids(world.logs().search(query).batch) == row.expected);
    CHECK(world.logs().count(query) == row.expected.size());
  }
}

TEST_CASE("search: count agrees with the rows after duplicates", "[search]") {
  World world;
  store_with_ties(world);
  store_with_ties(world);
  CHECK(world.logs().count(query_of()) == 20);
  Query query = query_of();
  query.limit = 3;
  query.offset = 5;
  query.after = query::Cursor{kNoon, "00"};
  CHECK(world.logs().count(query) == 20);
}
