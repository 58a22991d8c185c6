#include "shared/query/syntax.h"
#include "tests/conformance/world.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;
using query::Order;
using query::Query;

namespace {

const Timestamp kNoon = at("2026-03-10T12:00:00Z");

Query query_of(Order order = Order::descending, std::uint32_t limit = 1000) {
  Query query;
  query.order = order;
  query.limit = limit;
  return query;
}

// Walks all pages with the cursor.
Ids walk(World& world, Query query) {
  Ids all;
  for (int pages = 0; pages < 1000; ++pages) {
    const storage::Page page = world.logs().search(query);
    CHECK(page.batch.records.size() <= query.limit);
    for (std::string& id : ids(page.batch)) all.push_back(std::move(id));
    if (!page.next) return all;
    CHECK(page.batch.records.size() == query.limit);
    CHECK(page.next->timestamp == page.batch.records.back().timestamp);
    CHECK(page.next->event_id == page.batch.records.back().event_id);
    query.after = page.next;
  }
  FAIL("paging does not end");
  return all;
}

// Five times with four records each, over three days; the order of time is the order of names.
Ids store_with_ties(World& world) {
  Rows rows;
  Ids names;
  for (int time = 0; time < 5; ++time) {
    for (int tie = 0; tie < 4; ++tie) {
      names.push_back(std::to_string(time) + std::to_string(tie));
      rows.add(kNoon + std::chrono::hours(13 * time), names.back());
    }
  }
  rows.add(kNoon, "other tenant", "b");
  world.append(rows);
  return names;
}

Ids reversed(Ids names) {
  std::reverse(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("search: an empty store gives an empty page", "[search]") {
  World world;
  const storage::Page page = world.logs().search(query_of());
  CHECK(page.batch.records.empty());
  CHECK_FALSE(page.next.has_value());
  CHECK(world.logs().count(query_of()) == 0);
  CHECK_FALSE(world.logs().find("default", {kNoon, "x"}).has_value());
  const storage::Statistics statistics = world.logs().statistics("default", kNoon);
  CHECK(statistics.total_logs == 0);
  CHECK(statistics.top_event_types.empty());
}

TEST_CASE("search: rows come in the order of time and id, both ways", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  CHECK(ids(world.logs().search(query_of(Order::ascending)).batch) == names);
  CHECK(ids(world.logs().search(query_of(Order::descending)).batch) == reversed(names));
  CHECK(world.logs().search(query_of(Order::ascending, 0)).batch.records.empty());
}

TEST_CASE("search: keyset pages have no gap and no repeat", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  for (const std::uint32_t limit : {1U, 3U, 4U, 7U, 19U, 20U, 21U}) {
    INFO("limit " << limit);
    CHECK(walk(world, query_of(Order::ascending, limit)) == names);
    CHECK(walk(world, query_of(Order::descending, limit)) == reversed(names));
  }
}

TEST_CASE("search: what arrives behind the cursor does not disturb paging", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  Query query = query_of(Order::descending, 6);
  storage::Page page = world.logs().search(query);
  Ids seen = ids(page.batch);
  Rows newer;
  newer.add(kNoon + std::chrono::hours(200), "newer");
  world.append(newer);
  while (page.next) {
    query.after = page.next;
    page = world.logs().search(query);
    for (std::string& id : ids(page.batch)) seen.push_back(std::move(id));
  }
  CHECK(seen == reversed(names));
}

TEST_CASE("search: offset pages fit together across days", "[search]") {
  World world;
  const Ids names = store_with_ties(world);
  for (const Order order : {Order::ascending, Order::descending}) {
    for (const std::uint32_t limit : {1U, 3U, 6U, 20U}) {
      INFO("limit " << limit);
      Ids seen;
      Query query = query_of(order, limit);
      for (; query.offset < names.size() + limit; query.offset += limit) {
        for (std::string& id : ids(world.logs().search(query).batch)) seen.push_back(id);
      }
      CHECK(seen == (order == Order::ascending ? names : reversed(names)));
    }
  }
}

TEST_CASE("search: since is inclusive, until is exclusive", "[search]") {
  World world;
  Rows rows;
  for (int i = 0; i < 5; ++i) rows.add(kNoon + std::chrono::hours(12 * i), std::to_string(i));
  world.append(rows);
  Query query = query_of(Order::ascending);
  query.since = rows[1].timestamp;
  query.until = rows[3].timestamp;
  CHECK(ids(world.logs().search(query).batch) == Ids{"1", "2"});
  CHECK(world.logs().count(query) == 2);
  query.until = *query.until + microseconds(1);
  CHECK(ids(world.logs().search(query).batch) == Ids{"1", "2", "3"});
  CHECK(world.logs().count(query) == 3);
  query.since = *query.since + microseconds(1);
  CHECK(world.logs().count(query) == 2);
  query.until = query.since;
  CHECK(world.logs().count(query) == 0);
  CHECK(world.logs().search(query).batch.records.empty());
}

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

TEST_CASE("search: a filter and keyset pages go together", "[search]") {
  World world;
  Rows rows;
  Ids expected;
  for (int i = 0; i < 300; ++i) {
    LogRecord& record = rows.add(kNoon + std::chrono::hours(i / 50), std::to_string(1000 + i));
    record.host = i % 3 == 0 ? "wanted" : "not";
    if (i % 3 == 0) expected.emplace_back(record.event_id);
  }
  world.append(rows);
  Query query = query_of(Order::ascending, 7);
  query.filters = {{Field::host, Op::equal, "wanted", {}}};
  CHECK(walk(world, query) == expected);
  CHECK(world.logs().count(query) == expected.size());
}

namespace {

// What a field sorts by: absent values last, text in the order of bytes.
std::pair<std::int64_t, std::string> sort_value(const LogRecord& r, Field field, bool& absent) {
  absent = false;
  const auto text = [&](std::string_view value) {
    absent = value.empty();
    return std::pair<std::int64_t, std::string>(0, value);
  };
  switch (field) {
    case Field::timestamp:
      return {to_micros(r.timestamp), ""};
    case Field::received_at:
      return {to_micros(r.received_at), ""};
    case Field::sequence_number:
      absent = !r.sequence_number.has_value();
      return {r.sequence_number.value_or(0), ""};
    case Field::event_id:
      return text(r.event_id);
    case Field::service:
      return text(r.service);
    case Field::level:
      return text(level_name(r.level));
    case Field::message:
      return text(r.message);
    case Field::event_type:
      return text(r.event_type);
    case Field::event_name:
      return text(r.event_name);
    case Field::user_id:
      return text(r.user_id);
    case Field::session_id:
      return text(r.session_id);
    case Field::app_version:
      return text(r.app_version);
    case Field::host:
      return text(r.host);
    case Field::trace_id:
      return text(r.trace_id);
    case Field::span_id:
      return text(r.span_id);
    case Field::priority:
      return text(r.priority);
  }
  return {};
}

Ids sorted_by(const Rows& rows, Field field, Order order) {
  std::vector<const LogRecord*> records = rows.pointers();
  const bool down = order == Order::descending;
  std::sort(records.begin(), records.end(), [&](const LogRecord* x, const LogRecord* y) {
    bool x_absent = false;
    bool y_absent = false;
    const auto a = sort_value(*x, field, x_absent);
    const auto b = sort_value(*y, field, y_absent);
    if (x_absent != y_absent) return y_absent;
    if (!x_absent && a != b) return down ? b < a : a < b;
    const auto tie_x = std::tie(x->timestamp, x->event_id);
    const auto tie_y = std::tie(y->timestamp, y->event_id);
    return down ? tie_y < tie_x : tie_x < tie_y;
  });
  Ids result;
  for (const LogRecord* record : records) result.emplace_back(record->event_id);
  return result;
}

}  // namespace

TEST_CASE("search: rows can be sorted by every field over all days", "[search]") {
  World world;
  Rows rows;
  const std::vector<std::string_view> words = {"b", "", "Z", "a", "é", "aa", "", "10", "9"};
  for (std::size_t i = 0; i < 40; ++i) {
    const Timestamp time = kNoon + std::chrono::hours(5 * static_cast<int>(i * 7 % 40));
    LogRecord& record = rows.add(time, "id" + std::to_string(i));
    record.received_at = kNoon + seconds(static_cast<int>(i * 11 % 17));
    const auto word = [&](std::size_t salt) { return words[(i * 3 + salt) % words.size()]; };
    record.service = word(0);
    record.level = static_cast<Level>(i % 10);
    record.message = word(1);
    record.event_type = word(2);
    record.event_name = word(3);
    record.user_id = word(4);
    record.session_id = word(5);
    record.app_version = word(6);
    record.host = word(7);
    record.trace_id = word(8);
    record.span_id = word(9);
    if (i % 4 != 0) record.sequence_number = static_cast<std::int64_t>(i * 13 % 11) - 5;
    record.priority = i % 3 == 0 ? "high" : "normal";
  }
  world.append(rows);
  for (int field = 0; field <= static_cast<int>(Field::priority); ++field) {
    for (const Order order : {Order::ascending, Order::descending}) {
      Query query = query_of(order);
      query.sort = static_cast<Field>(field);
      INFO(query::field_name(query.sort) << (order == Order::ascending ? " up" : " down"));
      const Ids expected = sorted_by(rows, query.sort, order);
      CHECK(ids(world.logs().search(query).batch) == expected);

      Ids paged;
      query.limit = 7;
      for (; query.offset < 42; query.offset += query.limit) {
        for (std::string& id : ids(world.logs().search(query).batch)) paged.push_back(id);
      }
      CHECK(paged == expected);
    }
  }
}

TEST_CASE("search: a cursor with another order than time is refused", "[search]") {
  World world;
  store_with_ties(world);
  Query query = query_of();
  query.sort = Field::host;
  query.after = query::Cursor{kNoon, "x"};
  CHECK(code_of([&] { world.logs().search(query); }) == ErrorCode::validation_error);
}

TEST_CASE("search: a page holds a bounded number of bytes", "[search]") {
  World world;
  Rows rows;
  const std::string large(3 * 1024 * 1024, 'x');
  const std::string_view text = rows.keep(large);
  Ids names;
  for (int i = 0; i < 24; ++i) {
    names.push_back(std::to_string(10 + i));
    rows.add(kNoon + std::chrono::hours(2 * i), names.back()).message = text;
  }
  world.append(rows);

  Query query = query_of(Order::ascending);
  Ids seen;
  for (int pages = 1; pages <= 3; ++pages) {
    INFO("page " << pages);
    const storage::Page page = world.logs().search(query);
    REQUIRE_FALSE(page.batch.records.empty());
    CHECK(page.batch.arena->allocated() <= 36U * 1024 * 1024);
    for (std::string& id : ids(page.batch)) seen.push_back(std::move(id));
    CHECK(page.next.has_value() == (pages < 3));
    query.after = page.next;
  }
  CHECK(seen == names);

  const auto fails = [&](const Query& asked) {
    try {
      world.logs().search(asked);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::validation_error);
      CHECK(error.message() == "the page of records is over 32 MiB");
      CHECK(error.hint() == "ask for a smaller page_size, or page by cursor");
      return true;
    }
    return false;
  };
  Query by_offset = query_of();
  by_offset.offset = 1;
  CHECK(fails(by_offset));
  by_offset.limit = 4;
  CHECK(ids(world.logs().search(by_offset).batch) == Ids{"32", "31", "30", "29"});
  Query by_column = query_of();
  by_column.sort = Field::event_id;
  CHECK(fails(by_column));
  by_column.limit = 2;
  CHECK(ids(world.logs().search(by_column).batch) == Ids{"33", "32"});
}

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

TEST_CASE("search: another instance's records are seen at once", "[search]") {
  World world;
  CHECK(world.logs().count(query_of()) == 0);
  storage::Backend other = world.another();
  Rows rows;
  rows.add(kNoon, "a");
  World::append_to(*other.logs, rows);
  CHECK(ids(world.logs().search(query_of()).batch) == Ids{"a"});
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
