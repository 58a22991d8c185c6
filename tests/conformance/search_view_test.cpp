// What a tenant, and a key that may see a part of it, find and count.
#include "tests/conformance/search_world.h"

#include <optional>
#include <set>
#include <string>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;

TEST_CASE("search: a tenant sees its own records only", "[search]") {
  World world;
  Rows rows;
  rows.add(kNoon, "a", "one");
  rows.add(kNoon, "b", "two");
  rows.add(kNoon + seconds(1), "c", "two");
  world.append(rows);
  Query query = query_of();
  query.tenant = "two";
  CHECK(ids(world.logs().search(query).batch) == Ids{"c", "b"});
  CHECK(world.logs().count(query) == 2);
  query.tenant = "three";
  CHECK(world.logs().search(query).batch.records.empty());
  CHECK(world.logs().count(query) == 0);
  CHECK(world.logs().find("one", {kNoon, "a"}).has_value());
  CHECK_FALSE(world.logs().find("two", {kNoon, "a"}).has_value());
  CHECK_FALSE(world.logs().find("one", {kNoon + seconds(1), "a"}).has_value());
  CHECK(world.logs().statistics("two", kNoon + seconds(1)).total_logs == 2);
  CHECK(world.logs().total_rows() == 3);
}

TEST_CASE("search: nothing is seen outside of a view", "[search]") {
  World world;
  Rows rows;
  const auto add = [&](std::string_view id, std::string_view service, Level level) {
    LogRecord& record = rows.add(kNoon - seconds(10), id);
    record.service = service;
    record.level = level;
    record.event_type = id.starts_with("p") ? "error" : "telemetry";
    record.session_id = record.event_id;
  };
  add("p1", "payments", Level::error);
  add("p2", "payments", Level::info);
  add("s1", "shop", Level::error);
  add("n1", "", Level::error);
  world.append(rows);
  const query::View view("default", {{query::Field::service, query::Op::equal, "payments", {}},
                                     {query::Field::level, query::Op::at_least, "WARN", {}}});

  Query query = query_of();
  query::bind(query, view);
  CHECK(ids(world.logs().search(query).batch) == Ids{"p1"});
  CHECK(world.logs().count(query) == 1);
  // Asking for something else finds less, never more.
  query.filters.insert(query.filters.begin(),
                       {query::Field::service, query::Op::equal, "shop", {}});
  CHECK(world.logs().search(query).batch.records.empty());
  CHECK(world.logs().count(query) == 0);

  CHECK(world.logs().find(view, {kNoon - seconds(10), "p1"}).has_value());
  for (const char* id : {"p2", "s1", "n1"}) {
    CHECK_FALSE(world.logs().find(view, {kNoon - seconds(10), id}).has_value());
    CHECK(world.logs().find("default", {kNoon - seconds(10), id}).has_value());
  }
  const storage::Statistics statistics = world.logs().statistics(view, kNoon);
  CHECK(statistics.total_logs == 1);
  CHECK(statistics.logs_last_hour == 1);
  CHECK(statistics.logs_last_day == 1);
  CHECK(statistics.active_sessions == 1);
  REQUIRE(statistics.top_event_types.size() == 1);
  CHECK(statistics.top_event_types[0].event_type == "error");
  CHECK(statistics.top_event_types[0].count == 1);
}

TEST_CASE("statistics: hours, sessions and the ten most frequent types", "[search]") {
  World world;
  Rows rows;
  int next = 0;
  const auto add = [&](std::chrono::minutes ago, std::string_view type, std::string_view session) {
    LogRecord& record = rows.add(kNoon - ago, std::to_string(next++));
    record.event_type = rows.keep(type);
    record.session_id = rows.keep(session);
  };
  using std::chrono::minutes;
  add(minutes(5), "error", "s1");
  add(minutes(10), "error", "s1");
  add(minutes(15), "telemetry", "s2");
  add(minutes(20), "", "");
  add(minutes(45), "telemetry", "s3");
  add(minutes(90), "error", "s4");
  add(minutes(20 * 60), "behavioral", "s5");
  add(minutes(30 * 60), "behavioral", "s6");
  for (int type = 0; type < 12; ++type) add(minutes(120), "type" + std::to_string(type), "");
  rows.add(kNoon, "foreign", "other").event_type = "error";
  world.append(rows);

  const storage::Statistics statistics = world.logs().statistics("default", kNoon);
  CHECK(statistics.total_logs == 20);
  CHECK(statistics.logs_last_hour == 5);
  CHECK(statistics.logs_last_day == 19);
  CHECK(statistics.active_sessions == 2);
  REQUIRE(statistics.top_event_types.size() == 10);
  CHECK(statistics.top_event_types[0].event_type == "error");
  CHECK(statistics.top_event_types[0].count == 3);
  CHECK(statistics.top_event_types[1].event_type == "telemetry");
  CHECK(statistics.top_event_types[1].count == 2);
  CHECK(statistics.top_event_types[2].count == 1);
}
