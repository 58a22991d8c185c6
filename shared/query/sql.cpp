#include "shared/query/sql.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/compare.h"
#include "shared/query/sql_binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace logctl::query {
namespace {

constexpr std::string_view kColumns =
    "timestamp, event_id, tenant, received_at, service, level, message, event_type, event_name, "
    "user_id, session_id, app_version, host, trace_id, span_id, sequence_number, priority, "
    "properties, device_info, processed_at";
// {0} is the most bytes that each of the three texts may have.
constexpr std::string_view kLightColumns =
    "timestamp, event_id, tenant, received_at, service, level, "
    "CASE WHEN octet_length(message) <= {0} THEN message END, event_type, event_name, user_id, "
    "session_id, app_version, host, trace_id, span_id, sequence_number, priority, "
    "CASE WHEN octet_length(properties::text) <= {0} THEN properties END, "
    "CASE WHEN octet_length(device_info::text) <= {0} THEN device_info END, processed_at, "
    "num_nulls(message, properties, device_info)";

// What timestamptz takes in RFC 3339 text; a bound beyond it means the same as the end of it.
constexpr Timestamp kEarliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Timestamp kLatest =
    Timestamp(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)) - microseconds(1);

// The row comparison gives the exact position; the plain bound beside it is what partition pruning
// understands.
void after(Binder& sql, const Cursor& cursor, Order order) {
  const std::string_view direction = order == Order::descending ? "<" : ">";
  const std::string time = sql.bind_time(cursor.timestamp);
  sql.add(fmt::format(" AND timestamp {}= {} AND (timestamp, event_id) {} ({}, {})", direction,
                      time, direction, time, sql.bind(cursor.event_id)));
}

void order_by(Binder& sql, const Query& query) {
  const std::string_view way = query.order == Order::descending ? "DESC" : "ASC";
  sql.add(" ORDER BY ");
  if (query.sort != Field::timestamp) {
    // "C" is SQLite's byte order.
    const bool collate = sql.postgres() && is_text(query.sort);
    sql.add(fmt::format("{}{} {} NULLS LAST, ", field_name(query.sort),
                        collate ? " COLLATE \"C\"" : "", way));
  }
  sql.add(fmt::format("timestamp {}, event_id {}", way, way));
}

// What follows SELECT for the rows that are asked for, with these columns.
void rows(Binder& sql, std::string_view columns, const Query& query) {
  sql.add(columns);
  where(sql, query, "logs");
  if (query.after) after(sql, *query.after, query.order);
  order_by(sql, query);
  sql.add(" LIMIT " + sql.bind(static_cast<std::int64_t>(query.limit)));
  if (query.offset > 0 && !query.after) {
    constexpr auto kMost = static_cast<std::uint64_t>(INT64_MAX);
    sql.add(" OFFSET " + sql.bind(static_cast<std::int64_t>(std::min(query.offset, kMost))));
  }
}

void require_order_of_cursor(const Query& query) {
  if (!query.after || query.sort == Field::timestamp) return;
  throw Error(ErrorCode::validation_error,
              fmt::format("a cursor goes with the order of time, not with sorting by {}",
                          field_name(query.sort)));
}

}  // namespace

std::string Binder::bind(SqlValue value) {
  sql_.values.push_back(std::move(value));
  return fmt::format("{}{}", postgres() ? '$' : '?', sql_.values.size());
}

std::string Binder::bind_time(Timestamp time) {
  if (!postgres()) return bind(to_micros(time));
  return bind(format_rfc3339(std::clamp(time, kEarliest, kLatest))) + "::timestamptz";
}

void where(Binder& sql, const Query& query, std::string_view source) {
  sql.add(fmt::format(" FROM {} WHERE tenant = {}", source, sql.bind(query.tenant)));
  if (query.since) sql.add(" AND timestamp >= " + sql.bind_time(*query.since));
  if (query.until) sql.add(" AND timestamp < " + sql.bind_time(*query.until));
  for (const Filter& filter : query.filters) sql.add(" AND " + condition(filter, sql));
}

Sql Binder::take() { return std::move(sql_); }

std::string_view row_columns() { return kColumns; }

Sql select_rows(const Query& query, Dialect dialect) {
  require_order_of_cursor(query);
  Binder statement(dialect);
  statement.add("SELECT ");
  rows(statement, kColumns, query);
  return statement.take();
}

Sql select_light_page(const Query& query, std::size_t most_text) {
  require_order_of_cursor(query);
  Binder statement(Dialect::postgres);
  statement.add("SELECT ");
  rows(statement, fmt::format(kLightColumns, most_text), query);
  return statement.take();
}

Sql select_page(const Query& query, std::size_t most_bytes) {
  require_order_of_cursor(query);
  Binder statement(Dialect::postgres);
  statement.add("SELECT ");
  statement.add(kColumns);
  statement.add(
      " FROM (SELECT *, sum(coalesce(octet_length(message), 0) + "
      "coalesce(octet_length(properties::text), 0) + "
      "coalesce(octet_length(device_info::text), 0)) OVER (");
  order_by(statement, query);
  // The row that reaches the limit belongs to the page, and one more tells that there is one.
  statement.add(" ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS bytes_before FROM (SELECT ");
  rows(statement, "*", query);
  statement.add(") AS found) AS page WHERE bytes_before IS NULL OR bytes_before <= " +
                statement.bind(static_cast<std::int64_t>(most_bytes)));
  order_by(statement, query);
  return statement.take();
}

Sql count_rows(const Query& query, Dialect dialect) {
  return select_columns("count(*)", query, {}, dialect);
}

Sql select_columns(std::string_view columns, const Query& query, std::string_view rest,
                   Dialect dialect) {
  Binder statement(dialect);
  statement.add("SELECT ");
  statement.add(columns);
  where(statement, query, "logs");
  statement.add(rest);
  return statement.take();
}

}  // namespace logctl::query
