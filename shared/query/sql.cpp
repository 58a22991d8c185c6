#include "shared/query/sql.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

namespace logctl::query {
namespace {

constexpr std::string_view kPostgresColumns =
    "(extract(epoch from timestamp)*1000000)::bigint, event_id, tenant, "
    "(extract(epoch from received_at)*1000000)::bigint, service, level, message, event_type, "
    "event_name, user_id, session_id, app_version, host, trace_id, span_id, sequence_number, "
    "priority, properties, device_info, (extract(epoch from processed_at)*1000000)::bigint";
constexpr std::string_view kSqliteColumns =
    "timestamp, event_id, tenant, received_at, service, level, message, event_type, event_name, "
    "user_id, session_id, app_version, host, trace_id, span_id, sequence_number, priority, "
    "properties, device_info, processed_at";

// What timestamptz takes in RFC 3339 text; a bound beyond it means the same as the end of it.
constexpr Timestamp kEarliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Timestamp kLatest =
    Timestamp(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)) - microseconds(1);

constexpr std::array kStoredLevels = {Level::trace,  Level::debug,    Level::info,
                                      Level::notice, Level::warn,     Level::warning,
                                      Level::error,  Level::critical, Level::fatal};

bool is_time(Field field) { return field == Field::timestamp || field == Field::received_at; }
bool is_text(Field field) { return !is_time(field) && field != Field::sequence_number; }

[[noreturn]] void refuse(Field field, std::string_view value, std::string_view expected) {
  throw Error(ErrorCode::validation_error,
              fmt::format("{}: expected {}, found `{}`", field_name(field), expected, value));
}

Level level_of(const Filter& filter) {
  const std::optional<Level> level = parse_level(filter.value);
  if (!level) refuse(filter.field, filter.value, "a level such as INFO or ERROR");
  return *level;
}

// One statement in the making. Every value goes through `bind`, so no user text is ever SQL text.
class Statement {
 public:
  explicit Statement(Dialect dialect) : dialect_(dialect) {}

  void add(std::string_view text) { sql_.text += text; }

  std::string bind(SqlValue value) {
    sql_.values.push_back(std::move(value));
    return fmt::format("{}{}", postgres() ? '$' : '?', sql_.values.size());
  }

  // PostgreSQL gets the parameter itself as timestamptz: a constant for the planner, which then
  // leaves out partitions and estimates from statistics.
  std::string bind_time(Timestamp t) {
    if (!postgres()) return bind(to_micros(t));
    return bind(format_rfc3339(std::clamp(t, kEarliest, kLatest))) + "::timestamptz";
  }

  void where(const Query& query) {
    add(" FROM logs WHERE tenant = " + bind(query.tenant));
    if (query.since) add(" AND timestamp >= " + bind_time(*query.since));
    if (query.until) add(" AND timestamp < " + bind_time(*query.until));
    for (const Filter& filter : query.filters) add(" AND " + condition(filter));
  }

  // The row comparison gives the exact position; the plain bound beside it is what partition
  // pruning understands.
  void after(const Cursor& cursor, Order order) {
    const std::string_view direction = order == Order::descending ? "<" : ">";
    const std::string time = bind_time(cursor.timestamp);
    add(fmt::format(" AND timestamp {}= {} AND (timestamp, event_id) {} ({}, {})", direction, time,
                    direction, time, bind(cursor.event_id)));
  }

  void order_by(const Query& query) {
    const std::string_view way = query.order == Order::descending ? "DESC" : "ASC";
    add(" ORDER BY ");
    if (query.sort != Field::timestamp) {
      // "C" is SQLite's byte order.
      const bool collate = postgres() && is_text(query.sort);
      add(fmt::format("{}{} {} NULLS LAST, ", field_name(query.sort),
                      collate ? " COLLATE \"C\"" : "", way));
    }
    add(fmt::format("timestamp {}, event_id {}", way, way));
  }

  Sql take() { return std::move(sql_); }
  bool postgres() const { return dialect_ == Dialect::postgres; }

 private:
  std::string condition(const Filter& filter) {
    switch (filter.op) {
      case Op::equal:
        return equal(filter);
      case Op::contains:
        return contains(filter);
      case Op::at_least:
        return at_least(filter);
      case Op::property_equal:
        return property_equal(filter);
    }
    throw Error(ErrorCode::internal, "query: unknown comparison");
  }

  std::string equal(const Filter& filter) {
    const std::string_view column = field_name(filter.field);
    if (is_time(filter.field)) {
      const std::optional<Timestamp> time = parse_rfc3339(filter.value);
      if (!time) refuse(filter.field, filter.value, "an RFC 3339 time");
      return fmt::format("{} = {}", column, bind_time(*time));
    }
    if (filter.field == Field::sequence_number) {
      std::int64_t number = 0;
      const char* end = filter.value.data() + filter.value.size();
      const auto [stop, error] = std::from_chars(filter.value.data(), end, number);
      if (error != std::errc() || stop != end) refuse(filter.field, filter.value, "an integer");
      return fmt::format("{} = {}", column, bind(number));
    }
    if (filter.field == Field::level) {
      const int severity = level_severity(level_of(filter));
      return level_in([severity](int other) { return other == severity; });
    }
    return fmt::format("{} = {}", column, bind(filter.value));
  }

  std::string contains(const Filter& filter) {
    if (!is_text(filter.field)) {
      throw Error(ErrorCode::validation_error,
                  fmt::format("{} is not text and cannot be searched for a part of it",
                              field_name(filter.field)));
    }
    std::string pattern = "%";
    for (const char c : filter.value) {
      if (c == '%' || c == '_' || c == '\\') pattern += '\\';
      pattern += c;
    }
    pattern += '%';
    return fmt::format("{} {} {} ESCAPE '\\'", field_name(filter.field),
                       postgres() ? "ILIKE" : "LIKE", bind(std::move(pattern)));
  }

  std::string at_least(const Filter& filter) {
    if (filter.field != Field::level) {
      throw Error(
          ErrorCode::validation_error,
          fmt::format("{} has no order of severity, only level has one", field_name(filter.field)));
    }
    const int severity = level_severity(level_of(filter));
    return level_in([severity](int other) { return other >= severity; });
  }

  // `warn` and `warning` are one severity: asking for either finds both.
  template <typename Wanted>
  std::string level_in(Wanted wanted) {
    std::string list;
    for (const Level level : kStoredLevels) {
      if (!wanted(level_severity(level))) continue;
      if (!list.empty()) list += ", ";
      list += bind(std::string(level_name(level)));
    }
    return "level IN (" + list + ")";
  }

  std::string property_equal(const Filter& filter) {
    if (filter.path.empty()) {
      throw Error(ErrorCode::validation_error, "properties: expected the name of a property");
    }
    if (postgres()) {
      std::string expression = "properties";
      for (std::size_t i = 0; i < filter.path.size(); ++i) {
        expression += i + 1 == filter.path.size() ? " ->> " : " -> ";
        expression += bind(filter.path[i]) + "::text";
      }
      return fmt::format("({}) = {}", expression, bind(filter.value));
    }
    // Only text loses its quotes; numbers, true and false compare as they are written.
    const std::string path = bind(sqlite_path(filter.path));
    return fmt::format(
        "CASE json_type(properties, {0}) WHEN 'text' THEN properties ->> {0} WHEN 'null' THEN NULL "
        "ELSE properties -> {0} END = {1}",
        path, bind(filter.value));
  }

  // SQLite's paths have no escape inside quotes.
  static std::string sqlite_path(const std::vector<std::string>& keys) {
    std::string path = "$";
    for (const std::string& key : keys) {
      if (key.find_first_of("\"\\") != std::string::npos) {
        throw Error(ErrorCode::validation_error,
                    fmt::format("properties: the name `{}` holds a double quote or a backslash, "
                                "which this store cannot look up",
                                key));
      }
      path += ".\"" + key + '"';
    }
    return path;
  }

  Dialect dialect_;
  Sql sql_;
};

}  // namespace

std::string_view row_columns(Dialect dialect) {
  return dialect == Dialect::postgres ? kPostgresColumns : kSqliteColumns;
}

Sql select_rows(const Query& query, Dialect dialect) {
  if (query.after && query.sort != Field::timestamp) {
    throw Error(ErrorCode::validation_error,
                fmt::format("a cursor goes with the order of time, not with sorting by {}",
                            field_name(query.sort)));
  }
  Statement statement(dialect);
  statement.add("SELECT ");
  statement.add(row_columns(dialect));
  statement.where(query);
  if (query.after) statement.after(*query.after, query.order);
  statement.order_by(query);
  statement.add(" LIMIT " + statement.bind(static_cast<std::int64_t>(query.limit)));
  if (query.offset > 0 && !query.after) {
    constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
    statement.add(" OFFSET " +
                  statement.bind(static_cast<std::int64_t>(std::min(query.offset, kMost))));
  }
  return statement.take();
}

Sql count_rows(const Query& query, Dialect dialect) {
  return select_columns("count(*)", query, {}, dialect);
}

Sql select_columns(std::string_view columns, const Query& query, std::string_view rest,
                   Dialect dialect) {
  Statement statement(dialect);
  statement.add("SELECT ");
  statement.add(columns);
  statement.where(query);
  statement.add(rest);
  return statement.take();
}

}  // namespace logctl::query
