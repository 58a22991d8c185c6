#include "shared/storage/postgres/removal.h"

#include "shared/base/time_text.h"
#include "shared/query/sql.h"
#include "shared/storage/books.h"
#include "shared/storage/postgres/accounting.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kWhat = "drop a partition";
// lock_not_available, deadlock_detected
constexpr std::string_view kLockTimeout = "55P03";
constexpr std::string_view kDeadlock = "40P01";
// A query that was running ends, or it is left for the next time.
constexpr int kAttempts = 10;
constexpr milliseconds kPause(300);

std::vector<Value> text_values(const query::Sql& sql) {
  std::vector<Value> values;
  for (const query::SqlValue& value : sql.values) {
    const auto* number = std::get_if<std::int64_t>(&value);
    values.emplace_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
  }
  return values;
}

std::uint64_t to_count(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Who has written has committed when this returns, and who writes later waits.
RowsByTenant lock_and_count(Connection& connection, const std::string& partition) {
  connection.execute(kWhat, fmt::format("LOCK TABLE {} IN SHARE MODE", partition));
  const Result found = connection.execute(
      kWhat, fmt::format("SELECT tenant, count(*) FROM {} GROUP BY tenant", partition));
  RowsByTenant rows;
  for (int row = 0; row < found.rows(); ++row) {
    rows[std::string(found.value(row, 0))] = to_count(found.value(row, 1));
  }
  return rows;
}

std::string time_literal(Connection& connection, Timestamp time) {
  return connection.quote(format_rfc3339(time)) + "::timestamptz";
}

void forget_day(Connection& connection, Day day, const std::string& partition) {
  const Timestamp begin{day};
  const Timestamp end{day + std::chrono::days(1)};
  const auto slack = std::chrono::hours(1);  // seen_at only narrows the search
  connection.execute(
      kWhat,
      fmt::format("DELETE FROM recent_ids WHERE seen_at >= {} AND seen_at < {} AND timestamp >= {} "
                  "AND timestamp < {}; "
                  "DELETE FROM backup_seals WHERE partition = '{}'; "
                  "DELETE FROM backup_changes WHERE partition = '{}'; "
                  "DELETE FROM passed_days WHERE day = '{}'",
                  time_literal(connection, begin - slack), time_literal(connection, end + slack),
                  time_literal(connection, begin), time_literal(connection, end), partition,
                  partition, format_day(day)));
}

// One transaction; nothing when the partition has gone or `agree` says no.
std::optional<std::uint64_t> try_drop(Connection& connection, Day day,
                                      const DayStore::Agree& agree) {
  const std::string partition = partition_name(day);
  connection.execute(kWhat,
                     "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '250ms'; "
                     "SET LOCAL statement_timeout = 0");
  const Result there = connection.execute(
      kWhat, fmt::format("SELECT 1 FROM pg_inherits WHERE inhparent = 'logs'::regclass AND "
                         "inhrelid = to_regclass('{}')",
                         partition));
  if (there.rows() == 0) return std::nullopt;
  const RowsByTenant rows = lock_and_count(connection, partition);
  if (!agree(rows)) return std::nullopt;
  std::uint64_t sum = 0;
  Books books;
  for (const auto& [tenant, count] : rows) {
    books.add(Count{tenant, kDeletedByRetention, count});
    sum += count;
  }
  forget_day(connection, day, partition);
  connection.execute(kWhat, fmt::format("DROP TABLE {}; {}", partition,
                                        add_to_books(connection, kDeletions, 0, books.counts())));
  connection.execute(kWhat, "COMMIT");
  return sum;
}

}  // namespace

DayStore::Piece remove_rows(Session& session, const query::Query& query, std::string_view booked_as,
                            std::size_t most, std::optional<query::Cursor>& position) {
  query::Sql doomed =
      query::select_columns("timestamp, event_id, tenant", query, {}, query::Dialect::postgres);
  std::vector<Value> values = text_values(doomed);
  const auto bind = [&values](Value value) {
    values.push_back(std::move(value));
    return fmt::format("${}", values.size());
  };
  if (position) {
    const std::string time = bind(time_text(position->timestamp)) + "::timestamptz";
    doomed.text += fmt::format(" AND timestamp >= {0} AND (timestamp, event_id) > ({0}, {1})", time,
                               bind(position->event_id));
  }
  // The bounds tell the planner which partition it is.
  const std::string first = bind(time_text(query.since.value())) + "::timestamptz";
  const std::string last = bind(time_text(query.until.value())) + "::timestamptz";
  const std::string sql = fmt::format(
      "WITH doomed AS ({} ORDER BY timestamp, event_id, tenant LIMIT {}), "
      "gone AS (DELETE FROM logs l USING doomed d WHERE l.timestamp = d.timestamp AND "
      "l.event_id = d.event_id AND l.tenant = d.tenant AND l.timestamp >= {} AND l.timestamp < {} "
      "RETURNING l.timestamp, l.event_id, l.tenant), "
      "ids AS (DELETE FROM recent_ids r USING gone g WHERE r.event_id = g.event_id AND "
      "r.tenant = g.tenant AND r.timestamp = g.timestamp) "
      "SELECT (SELECT count(*) FROM doomed), (SELECT count(*) FROM gone), "
      "(extract(epoch from last.timestamp)*1000000)::bigint, last.event_id "
      "FROM (SELECT timestamp, event_id FROM doomed ORDER BY timestamp DESC, event_id DESC LIMIT "
      "1) "
      "AS last",
      doomed.text, most, first, last);
  const pqxx::result found = session.run(sql, values);
  if (found.empty()) return {};
  DayStore::Piece piece;
  piece.rows = static_cast<std::uint64_t>(read_integer(found[0][1]));
  piece.more = static_cast<std::size_t>(read_integer(found[0][0])) == most;
  position = query::Cursor{read_time(found[0][2]).value(), found[0][3].c_str()};
  if (piece.rows > 0) {
    session.run(
        "INSERT INTO accounting AS a (source, lane, tenant, what, n) VALUES ($1, 0, $2, $3, "
        "$4::bigint) ON CONFLICT (source, tenant, what, lane) DO UPDATE SET n = a.n + excluded.n",
        {std::string(kDeletions), query.tenant, std::string(booked_as),
         std::to_string(piece.rows)});
  }
  return piece;
}

std::optional<std::uint64_t> drop_partition(Connection& connection, Day day,
                                            const DayStore::Agree& agree) {
  for (int attempt = 1;; ++attempt) {
    try {
      std::optional<std::uint64_t> dropped = try_drop(connection, day, agree);
      if (!dropped) connection.execute(kWhat, "ROLLBACK");
      return dropped;
    } catch (const ServerError& error) {
      if (!connection.broken()) connection.execute(kWhat, "ROLLBACK");
      if (error.sqlstate() != kLockTimeout && error.sqlstate() != kDeadlock) throw;
      if (attempt == kAttempts) {
        throw Error(ErrorCode::locked,
                    fmt::format("partition {} is in use, so it was not dropped: {}",
                                partition_name(day), error.said()),
                    "it will be tried again; a query that runs for long keeps it");
      }
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace logctl::storage::postgres
