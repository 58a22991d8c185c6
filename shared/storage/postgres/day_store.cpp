#include "shared/storage/postgres/day_store.h"

#include "shared/base/time_text.h"
#include "shared/query/sql.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/removal.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/timescale.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace logctl::storage::postgres {
namespace {

constexpr const char* kNoTimeout = "SET LOCAL statement_timeout = 0";

std::vector<Value> text_values(const query::Sql& sql) {
  std::vector<Value> values;
  for (const query::SqlValue& value : sql.values) {
    const auto* number = std::get_if<std::int64_t>(&value);
    values.emplace_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
  }
  return values;
}

bool is_there(Session& session, const std::string& partition) {
  return !session
              .run(
                  "SELECT 1 FROM pg_inherits WHERE inhparent = 'logs'::regclass AND "
                  "inhrelid = to_regclass($1)",
                  {partition})
              .empty();
}

}  // namespace

PostgresDayStore::PostgresDayStore(std::string conninfo, std::shared_ptr<Pool> pool)
    : conninfo_(std::move(conninfo)), pool_(std::move(pool)) {}

std::vector<Day> PostgresDayStore::days() {
  std::vector<Day> days;
  pool_->read("list the partitions", [&](Session& session) {
    days.clear();
    for (const auto& row :
         session.run("SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
                     "WHERE i.inhparent = 'logs'::regclass")) {
      if (const auto day = partition_day(row[0].c_str())) days.push_back(*day);
    }
  });
  std::sort(days.begin(), days.end());
  return days;
}

DayInfo PostgresDayStore::describe(Day day, Timestamp now) {
  DayInfo info;
  info.day = day;
  for (const auto& [tenant, count] : rows(day)) info.rows += count;
  info.bytes = bytes(day);
  info.state = state_of(day, now, mark(day), stamp(day));
  return info;
}

std::uint64_t PostgresDayStore::bytes(Day day) {
  std::uint64_t bytes = 0;
  pool_->read("measure a partition", [&](Session& session) { bytes = bytes_of_day(session, day); });
  return bytes;
}

RowsByTenant PostgresDayStore::rows(Day day) {
  RowsByTenant rows;
  const std::string partition = partition_name(day);
  pool_->snapshot("count a partition", [&](Session& session) {
    rows.clear();
    session.run(kNoTimeout);
    if (!is_there(session, partition)) return;
    for (const auto& row :
         session.run(fmt::format("SELECT tenant, count(*) FROM {} GROUP BY tenant", partition))) {
      rows[row[0].c_str()] = static_cast<std::uint64_t>(read_integer(row[1]));
    }
  });
  return rows;
}

std::uint64_t PostgresDayStore::count(const query::Query& query) {
  const query::Sql sql = query::count_rows(query, query::Dialect::postgres);
  std::uint64_t count = 0;
  pool_->snapshot("count", [&](Session& session) {
    session.run(kNoTimeout);
    count = static_cast<std::uint64_t>(read_integer(session.run(sql.text, text_values(sql))[0][0]));
  });
  return count;
}

std::optional<Timestamp> PostgresDayStore::newest() {
  std::optional<Timestamp> newest;
  pool_->snapshot("find the newest record", [&](Session& session) {
    session.run(kNoTimeout);
    newest = read_time(
        session.run("SELECT (extract(epoch from max(timestamp))*1000000)::bigint FROM logs")[0][0]);
    if (!newest) return;
    const Timestamp first(day_of(*newest));
    const auto arrived = read_time(
        session.run("SELECT (extract(epoch from max(received_at))*1000000)::bigint FROM logs "
                    "WHERE timestamp >= $1::timestamptz",
                    {time_text(first)})[0][0]);
    newest = std::max(*newest, arrived.value_or(*newest));
  });
  return newest;
}

DayStore::Piece PostgresDayStore::remove(const query::Query& query, std::string_view booked_as,
                                         std::size_t most, std::optional<query::Cursor>& position) {
  Piece piece;
  std::optional<query::Cursor> moved = position;
  pool_->change("delete records", [&](Session& session) {
    session.run(kNoTimeout);
    piece = remove_rows(session, query, booked_as, most, moved);
  });
  position = std::move(moved);
  return piece;
}

std::vector<Day> PostgresDayStore::uncompressed(Timestamp before) {
  std::vector<Day> days;
  pool_->read("look for days to compress",
              [&](Session& session) { days = uncompressed_days(session, before); });
  return days;
}

void PostgresDayStore::compress(Day day) {
  pool_->change("compress a day", [&](Session& session) { compress_day(session, day); });
}

std::optional<std::uint64_t> PostgresDayStore::drop(Day day, const Agree& agree) {
  Connection connection(conninfo_);
  return drop_partition(connection, day, agree);
}

// The file that holds the rows, and what the server counts of its changes; the counts are told late
// and begin anew after a crash, so that a change is noticed later or once too often.
std::string PostgresDayStore::stamp(Day day) {
  std::string stamp;
  pool_->read("look at a partition", [&](Session& session) {
    const pqxx::result found = session.run(
        "SELECT c.relfilenode || ':' || pg_stat_get_tuples_inserted(c.oid) || ':' || "
        "pg_stat_get_tuples_updated(c.oid) || ':' || pg_stat_get_tuples_deleted(c.oid) "
        "FROM pg_class c WHERE c.oid = to_regclass($1)",
        {partition_name(day)});
    stamp = found.empty() ? std::string() : found[0][0].c_str();
  });
  return stamp;
}

std::string PostgresDayStore::mark(Day day) {
  std::string mark;
  pool_->read("read the mark of a day", [&](Session& session) {
    const pqxx::result found =
        session.run("SELECT mark FROM passed_days WHERE day = $1::date", {format_day(day)});
    mark = found.empty() ? std::string() : found[0][0].c_str();
  });
  return mark;
}

void PostgresDayStore::set_mark(Day day, const std::string& mark) {
  pool_->change("mark a day", [&](Session& session) {
    session.run(
        "INSERT INTO passed_days (day, mark) VALUES ($1::date, $2) "
        "ON CONFLICT (day) DO UPDATE SET mark = excluded.mark",
        {format_day(day), mark});
  });
}

}  // namespace logctl::storage::postgres
