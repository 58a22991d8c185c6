#include "shared/query/sql.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>
#include <vector>

namespace logctl::query {
namespace {

using Values = std::vector<SqlValue>;

const Timestamp kTime = *parse_rfc3339("2026-01-15T10:30:00.5Z");
constexpr std::int64_t kTimeMicros = 1768473000500000;

// What follows the select list.
std::string tail(const Sql& sql) { return sql.text.substr(sql.text.find(" FROM logs") + 1); }

Query filtered(Field field, Op op, std::string value, std::vector<std::string> path = {}) {
  Query query;
  query.filters.push_back({field, op, std::move(value), std::move(path)});
  return query;
}

// The condition that one filter becomes, and its values.
std::string condition(const Query& query, Dialect dialect, Values* values = nullptr) {
  Sql sql = count_rows(query, dialect);
  if (values != nullptr) values->assign(sql.values.begin() + 1, sql.values.end());
  return sql.text.substr(sql.text.find(" AND ") + 5);
}

std::string message_of(const Query& query, Dialect dialect = Dialect::postgres) {
  try {
    select_rows(query, dialect);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::validation_error);
    return error.message();
  }
  return "no error";
}

TEST_CASE("sql: the plain question asks for the newest rows of one tenant", "[query]") {
  const Sql postgres = select_rows(Query{}, Dialect::postgres);
  CHECK(tail(postgres) ==
        "FROM logs WHERE tenant = $1 ORDER BY timestamp DESC, event_id DESC LIMIT $2");
  CHECK(postgres.values == Values{std::string("default"), std::int64_t{50}});
  const Sql sqlite = select_rows(Query{}, Dialect::sqlite);
  CHECK(tail(sqlite) ==
        "FROM logs WHERE tenant = ?1 ORDER BY timestamp DESC, event_id DESC LIMIT ?2");
}

TEST_CASE("sql: both dialects select the same columns in the same order", "[query]") {
  const auto commas = [](std::string_view text) {
    return std::count(text.begin(), text.end(), ',');
  };
  CHECK(commas(row_columns()) == 19);
  CHECK(select_rows(Query{}, Dialect::postgres).text.find(row_columns()) == 7);
}

TEST_CASE("sql: time bounds compare the bare column", "[query]") {
  Query query;
  query.tenant = "acme";
  query.since = kTime;
  query.until = kTime + seconds(1);
  const Sql postgres = count_rows(query, Dialect::postgres);
  CHECK(postgres.text ==
        "SELECT count(*) FROM logs WHERE tenant = $1 AND timestamp >= $2::timestamptz AND "
        "timestamp < $3::timestamptz");
  CHECK(postgres.values == Values{std::string("acme"), std::string("2026-01-15T10:30:00.5Z"),
                                  std::string("2026-01-15T10:30:01.5Z")});
  const Sql sqlite = count_rows(query, Dialect::sqlite);
  CHECK(sqlite.text ==
        "SELECT count(*) FROM logs WHERE tenant = ?1 AND timestamp >= ?2 AND timestamp < ?3");
  CHECK(sqlite.values == Values{std::string("acme"), kTimeMicros, kTimeMicros + 1'000'000});
}

TEST_CASE("sql: a bound that PostgreSQL cannot write is moved to the nearest it can", "[query]") {
  Query query;
  query.since = Timestamp::min();
  query.until = Timestamp::max();
  const Sql sql = count_rows(query, Dialect::postgres);
  CHECK(sql.values.at(1) == SqlValue(std::string("0001-01-01T00:00:00Z")));
  CHECK(sql.values.at(2) == SqlValue(std::string("9999-12-31T23:59:59.999999Z")));
}

TEST_CASE("sql: a cursor becomes a row comparison and a bound that prunes", "[query]") {
  Query query;
  query.after = Cursor{kTime, "e-7"};
  query.offset = 5;  // a cursor has the say
  const Sql down = select_rows(query, Dialect::postgres);
  CHECK(tail(down) ==
        "FROM logs WHERE tenant = $1 AND timestamp <= $2::timestamptz AND (timestamp, event_id) < "
        "($2::timestamptz, $3) ORDER BY timestamp DESC, event_id DESC LIMIT $4");
  CHECK(down.values == Values{std::string("default"), std::string("2026-01-15T10:30:00.5Z"),
                              std::string("e-7"), std::int64_t{50}});
  query.order = Order::ascending;
  const Sql up = select_rows(query, Dialect::sqlite);
  CHECK(tail(up) ==
        "FROM logs WHERE tenant = ?1 AND timestamp >= ?2 AND (timestamp, event_id) > (?2, ?3) "
        "ORDER BY timestamp ASC, event_id ASC LIMIT ?4");
  CHECK(up.values.at(1) == SqlValue(kTimeMicros));
}

TEST_CASE("sql: the count knows neither cursor nor limit nor offset", "[query]") {
  Query query;
  query.after = Cursor{kTime, "e-7"};
  query.limit = 3;
  query.offset = 9;
  CHECK(count_rows(query, Dialect::sqlite).text == "SELECT count(*) FROM logs WHERE tenant = ?1");
}

TEST_CASE("sql: other orders put rows without the value last and break ties by time", "[query]") {
  Query query;
  query.sort = Field::user_id;
  query.order = Order::ascending;
  query.offset = 100;
  CHECK(tail(select_rows(query, Dialect::postgres)) ==
        "FROM logs WHERE tenant = $1 ORDER BY user_id COLLATE \"C\" ASC NULLS LAST, timestamp ASC, "
        "event_id ASC LIMIT $2 OFFSET $3");
  query.sort = Field::sequence_number;
  query.order = Order::descending;
  CHECK(tail(select_rows(query, Dialect::postgres)) ==
        "FROM logs WHERE tenant = $1 ORDER BY sequence_number DESC NULLS LAST, timestamp DESC, "
        "event_id DESC LIMIT $2 OFFSET $3");
  CHECK(tail(select_rows(query, Dialect::sqlite)) ==
        "FROM logs WHERE tenant = ?1 ORDER BY sequence_number DESC NULLS LAST, timestamp DESC, "
        "event_id DESC LIMIT ?2 OFFSET ?3");
  query.after = Cursor{kTime, "e-7"};
  CHECK(message_of(query) ==
        "a cursor goes with the order of time, not with sorting by sequence_number");
}

TEST_CASE("sql: every comparison in both dialects", "[query]") {
  struct Case {
    Query query;
    std::string postgres;
    std::string sqlite;
    Values sqlite_values;
  };
  const Case cases[] = {
      {filtered(Field::service, Op::equal, "api"),
       "service = $2",
       "service = ?2",
       {std::string("api")}},
      {filtered(Field::sequence_number, Op::equal, "-42"),
       "sequence_number = $2",
       "sequence_number = ?2",
       {std::int64_t{-42}}},
      {filtered(Field::received_at, Op::equal, "2026-01-15T10:30:00.5Z"),
       "received_at = $2::timestamptz",
       "received_at = ?2",
       {kTimeMicros}},
      {filtered(Field::level, Op::equal, "error"),
       "level IN ($2)",
       "level IN (?2)",
       {std::string("ERROR")}},
      {filtered(Field::level, Op::equal, "warn"),
       "level IN ($2, $3)",
       "level IN (?2, ?3)",
       {std::string("WARN"), std::string("WARNING")}},
      {filtered(Field::level, Op::at_least, "error"),
       "level IN ($2, $3, $4)",
       "level IN (?2, ?3, ?4)",
       {std::string("ERROR"), std::string("CRITICAL"), std::string("FATAL")}},
      {filtered(Field::message, Op::contains, "100%_\\"),
       "message COLLATE \"C\" ILIKE $2 ESCAPE '\\'",
       "logctl_contains(message, ?2)",
       {std::string("100%_\\")}},
      {filtered({}, Op::equal, "openai", {"tags", "provider"}),
       "(properties -> $2::text ->> $3::text) = $4",
       "logctl_property_passes(properties, 0, ?2, ?3, ?4)",
       {std::string("openai"), std::string("tags"), std::string("provider")}},
      {filtered({}, Op::equal, "1e3", {"n"}),
       "CASE jsonb_typeof(properties -> $2::text) WHEN 'number' THEN (properties ->> $2::text) = "
       "$4 "
       "ELSE (properties ->> $2::text) = $3 END",
       "logctl_property_passes(properties, 0, ?2, ?3)",
       {std::string("1e3"), std::string("n")}},
      {filtered({}, Op::contains, "x", {"n"}),
       "((properties ->> $2::text) COLLATE \"C\" ILIKE $3 ESCAPE '\\' AND "
       "jsonb_typeof(properties -> $2::text) NOT IN ('object', 'array'))",
       "logctl_property_passes(properties, 1, ?2, ?3)",
       {std::string("x"), std::string("n")}},
      {filtered({}, Op::more, "2.5", {"a", "b"}),
       "properties @@ $2::jsonpath",
       "logctl_property_passes(properties, 6, ?2, ?3, ?4)",
       {std::string("2.5"), std::string("a"), std::string("b")}},
      {filtered(Field::host, Op::matches, "(?i)a\\b"),
       "host COLLATE \"C\" ~ $2",
       "logctl_matches(host, ?2)",
       {std::string("(?i)a\\b")}},
      {filtered(Field::user_id, Op::like, "u-*\\*[%"),
       "user_id COLLATE \"C\" LIKE $2 ESCAPE '\\'",
       "user_id GLOB ?2",
       {std::string("u-*[*][[]%")}},
      {filtered(Field::host, Op::exists, ""), "host IS NOT NULL", "host IS NOT NULL", {}},
      {filtered(Field::sequence_number, Op::at_most, "7"),
       "sequence_number <= $2",
       "sequence_number <= ?2",
       {std::int64_t{7}}},
      {filtered(Field::level, Op::more, "fatal"), "FALSE", "FALSE", {}},
  };
  for (const Case& c : cases) {
    CHECK(condition(c.query, Dialect::postgres) == c.postgres);
    Values values;
    CHECK(condition(c.query, Dialect::sqlite, &values) == c.sqlite);
    CHECK(values == c.sqlite_values);
  }
}

TEST_CASE(
    "sql: the order of a property is a path of PostgreSQL, whatever the key and the number are",
    "[query]") {
  struct Case {
    Op op;
    const char* value;
    std::vector<std::string> path;
    std::string expected;
  };
  const Case cases[] = {
      {Op::more, "2.5", {"a", "b"}, R"(strict $."a"."b" > 2.5)"},
      {Op::less, "-7", {""}, R"(strict $."" < -7)"},
      {Op::at_most, "1e3", {"q\" \\ ?"}, R"(strict $."q\" \\ ?" <= 1000)"},
      {Op::at_least, "-007.50", {"x"}, R"(strict $."x" >= -7.50)"},
      {Op::more, "1e-3", {"x"}, R"(strict $."x" > 0.001)"},
      {Op::more, "-0.0", {"x"}, R"(strict $."x" > 0.0)"},
      {Op::more, ".5", {"$.x"}, R"(strict $."$.x" > 0.5)"},
      {Op::more, "5.", {"x"}, R"(strict $."x" > 5)"},
  };
  for (const Case& c : cases) {
    INFO(c.value);
    Values values;
    CHECK(condition(filtered({}, c.op, c.value, c.path), Dialect::postgres, &values) ==
          "properties @@ $2::jsonpath");
    CHECK(values == Values{c.expected});
  }
}

TEST_CASE("sql: a page of PostgreSQL is bounded on the server, in the asked order", "[query]") {
  Query query = filtered(Field::user_id, Op::equal, "u-1");
  query.sort = Field::host;
  query.offset = 7;
  const Sql page = select_page(query, 1000);
  CHECK(page.text.starts_with("SELECT " + std::string(row_columns())));
  CHECK(tail(page) ==
        "FROM logs WHERE tenant = $1 AND user_id = $2 ORDER BY host COLLATE \"C\" DESC NULLS LAST, "
        "timestamp DESC, event_id DESC LIMIT $3 OFFSET $4) AS found) AS page "
        "WHERE bytes_before IS NULL OR bytes_before <= $5 "
        "ORDER BY host COLLATE \"C\" DESC NULLS LAST, timestamp DESC, event_id DESC");
  CHECK(page.values == Values{std::string("default"), std::string("u-1"), std::int64_t{50},
                              std::int64_t{7}, std::int64_t{1000}});
  query.after = Cursor{kTime, "e"};
  CHECK_THROWS_AS(select_page(query, 1000), Error);
}

TEST_CASE("sql: a light page of PostgreSQL tells when rows lack their texts", "[query]") {
  Query query = filtered(Field::user_id, Op::equal, "u-1");
  query.limit = 3;
  const Sql page = select_light_page(query, 1000);
  const auto has = [&](std::string_view part) { return page.text.find(part) != std::string::npos; };
  CHECK(has("CASE WHEN octet_length(message) <= 1000 THEN message END, event_type"));
  CHECK(has("CASE WHEN octet_length(properties::text) <= 1000 THEN properties END, "));
  CHECK(has(", num_nulls(message, properties, device_info) FROM logs"));
  // The reader of PostgreSQL's rows knows their places.
  std::vector<std::string> names;
  for (std::size_t at = 0; at < row_columns().size();) {
    const std::size_t end = std::min(row_columns().find(", ", at), row_columns().size());
    names.emplace_back(row_columns().substr(at, end - at));
    at = end + 2;
  }
  CHECK(names.at(6) == "message");
  CHECK(names.at(17) == "properties");
  CHECK(names.at(18) == "device_info");
  CHECK(page.text.ends_with(" ORDER BY timestamp DESC, event_id DESC LIMIT $3"));
}

TEST_CASE("sql: hostile values stay parameters", "[query]") {
  const std::string hostile = "'; DROP TABLE logs; --";
  for (const Dialect dialect : {Dialect::postgres, Dialect::sqlite}) {
    Query query;
    query.tenant = hostile;
    query.after = Cursor{kTime, hostile};
    for (const Field field : {Field::event_id, Field::service, Field::message, Field::event_type,
                              Field::event_name, Field::user_id, Field::priority}) {
      query.filters.push_back({field, Op::equal, hostile, {}});
      query.filters.push_back({field, Op::contains, hostile, {}});
    }
    query.filters.push_back({{}, Op::equal, hostile, {hostile, "] ' $"}});
    query.filters.push_back({{}, Op::more, "1", {hostile, "] ' $"}});
    const Sql sql = select_rows(query, dialect);
    CHECK(sql.text.find("DROP") == std::string::npos);
    CHECK(sql.text.find(';') == std::string::npos);
    CHECK(sql.values.front() == SqlValue(hostile));
  }
}

TEST_CASE("sql: a comparison that makes no sense is refused with words", "[query]") {
  struct Case {
    Query query;
    std::string message;
  };
  const Case cases[] = {
      {filtered(Field::sequence_number, Op::equal, "12x"),
       "sequence_number: expected an integer, found `12x`"},
      {filtered(Field::timestamp, Op::equal, "noon"),
       "timestamp: expected an RFC 3339 time, found `noon`"},
      {filtered(Field::level, Op::equal, "loud"),
       "level: expected a level such as INFO or ERROR, found `loud`"},
      {filtered(Field::level, Op::at_least, ""),
       "level: expected a level such as INFO or ERROR, found ``"},
      {filtered(Field::service, Op::at_least, "error"),
       "service is text, which is not compared by order"},
      {filtered(Field::timestamp, Op::contains, "1"),
       "timestamp is not text and cannot be searched for a part of it"},
  };
  for (const Case& c : cases) CHECK(message_of(c.query) == c.message);
  CHECK(message_of(filtered({}, Op::equal, "x", std::vector<std::string>(101, "a"))) ==
        "properties: 101 names one inside the other, allowed are 100");
  CHECK(message_of(filtered(Field::host, Op::matches, "a(")) ==
        "host: regular expression: column 2: this '(' is never closed");
}

}  // namespace
}  // namespace logctl::query
