#include "shared/storage/sqlite/search.h"

#include "shared/storage/page_limit.h"
#include "shared/storage/sqlite/count_store.h"
#include "shared/storage/sqlite/day_question.h"
#include "shared/storage/sqlite/day_writer.h"
#include "shared/storage/sqlite/moment.h"
#include "shared/storage/sqlite/question_days.h"
#include "shared/storage/sqlite/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_set>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

using query::Dialect;
using query::Field;
using query::Order;
using query::Query;

// How many rows of each day are gathered at most to sort by another column than time.
constexpr std::uint64_t kMostSorted = 10'000;

constexpr std::uint32_t kMostRows = 1'000'000;
constexpr std::size_t kTopEventTypes = 10;

// For pages that cannot end early.
std::size_t read_whole_page(Connection& day, const Query& query, Batch& batch) {
  const RowsRead read = read_page(day, query, batch);
  if (read.cut) throw page_too_large();
  return read.count;
}

void insert_all(Connection& connection, const Batch& batch) {
  Statement insert = connection.prepare(kInsertRecord);
  for (const LogRecord& record : batch.records) {
    bind_record(insert, record);
    insert.run();
  }
}

// What no index has narrowed.
constexpr TimeSpan kWhole{Timestamp::min(), Timestamp::max()};
// Sorting by another column than time gathers rows from so many stretches at most.
constexpr std::size_t kMostSortedStretches = 64;

// The question for what lies within `span`.
Query within(Query query, const TimeSpan& span) {
  if (span == kWhole) return query;
  const Timestamp end = span.last + microseconds(1);
  query.since = query.since ? std::max(*query.since, span.first) : span.first;
  query.until = query.until ? std::min(*query.until, end) : end;
  return query;
}

bool is_empty(const Query& query) {
  return query.since && query.until && *query.since >= *query.until;
}

// A position bounds the time as well. SQLite uses one bound of several to seek: this makes all of
// them equally good.
void bound_by_position(Query& query) {
  if (!query.after) return;
  const Timestamp time = query.after->timestamp;
  if (query.order == Order::descending) {
    query.until =
        query.until ? std::min(*query.until, time + microseconds(1)) : time + microseconds(1);
  } else {
    query.since = query.since ? std::max(*query.since, time) : time;
  }
}

TimeSpans hours_of(Day day, Order order) {
  TimeSpans hours;
  for (Timestamp hour = day; hour < day + std::chrono::days(1); hour += std::chrono::hours(1)) {
    hours.push_back({hour, hour + std::chrono::hours(1) - microseconds(1)});
  }
  if (order == Order::descending) std::reverse(hours.begin(), hours.end());
  return hours;
}

bool whole_day_matches(Day day, const Query& query) {
  return query.filters.empty() && (!query.since || *query.since <= Timestamp(day)) &&
         (!query.until || *query.until >= Timestamp(day + std::chrono::days(1)));
}

}  // namespace

std::vector<Day> Search::days_for(const Query& query) const { return question_days(days_, query); }

void Search::rest() {
  const auto rested = pace_.rest();
  if (deadline_ != Deadline::max()) deadline_ += rested;
}

Page Search::page(const Query& query) {
  if (query.limit == 0) return {};
  const std::vector<Day> days = days_for(query);
  return query.sort == Field::timestamp ? page_by_time(query, days) : page_by_column(query, days);
}

Page Search::page_by_time(Query query, const std::vector<Day>& days) {
  Page page;
  const std::uint32_t wanted = std::min(query.limit, kMostRows);
  if (query.after) query.offset = 0;
  const bool by_offset = query.offset > 0;
  bool cut = false;
  bound_by_position(query);
  const bool narrowed = IndexSearch::could_narrow(query.filters);
  query.limit = wanted + 1;  // one more tells whether there is a next page
  for (const Day day : days) {
    if (query.limit == 0 || cut) break;
    rest();
    auto reader = readers_.open(day, deadline_);
    if (!reader) continue;
    // Cheaper than one for each of several statements; but who rests holds nothing up.
    std::optional<Moment> moment;
    if (narrowed && !pace_.saturated()) moment.emplace(**reader);
    TimeSpans pieces = stretches(**reader, day, query);
    if (pieces == TimeSpans{kWhole} && !by_offset && pace_.saturated()) {
      pieces = hours_of(day, query.order);
    }
    for (const TimeSpan& stretch : pieces) {
      const Query piece = within(query, stretch);
      if (is_empty(piece)) continue;
      if (pace_.saturated()) moment.reset();
      rest();
      (*reader)->set_deadline(deadline_);
      const RowsRead read = read_page(**reader, piece, page.batch);
      const auto rows = static_cast<std::uint32_t>(read.count);
      query.limit -= rows;
      cut = read.cut;
      if (query.limit == 0 || cut) break;
      if (query.offset > 0) {
        // The offset ended inside this stretch, or went past all of it.
        query.offset -=
            rows > 0 ? query.offset
                     : std::min(query.offset, stretch == kWhole ? count_day(**reader, day, piece)
                                                                : count_matches(**reader, piece));
      }
    }
  }
  const bool too_many = page.batch.records.size() > wanted;
  if (too_many) page.batch.records.pop_back();
  if (cut && by_offset && page.batch.records.size() < wanted) throw page_too_large();
  if (too_many || cut) {
    const LogRecord& last = page.batch.records.back();
    page.next = query::Cursor{last.timestamp, std::string(last.event_id)};
  }
  return page;
}

Page Search::page_by_column(const Query& query, const std::vector<Day>& days) {
  Query candidates = query;
  const std::uint64_t reach = query.offset + query.limit;
  if (reach > kMostSorted || query.offset > kMostSorted) {
    throw Error(ErrorCode::validation_error,
                fmt::format("sorting by {} reaches the first {} rows, asked for row {}",
                            query::field_name(query.sort), kMostSorted, reach),
                "narrow the time range, or page in the order of time with a cursor");
  }
  candidates.offset = 0;
  candidates.limit = static_cast<std::uint32_t>(reach);

  Connection memory(":memory:", Mode::create, milliseconds(0));
  create_day_tables(memory);
  std::uint64_t gathered = 0;
  std::size_t gathered_bytes = 0;
  for (const Day day : days) {
    rest();
    auto reader = readers_.open(day, deadline_);
    if (!reader) continue;
    Batch best;
    TimeSpans pieces = stretches(**reader, day, candidates);
    if (pieces.size() > kMostSortedStretches) pieces = {kWhole};
    for (const TimeSpan& stretch : pieces) {
      gathered += read_whole_page(**reader, within(candidates, stretch), best);
    }
    gathered_bytes += best.arena->allocated();
    insert_all(memory, best);
    if (gathered > 4 * kMostSorted || gathered_bytes > 2 * kMostPageBytes) {
      Batch kept;
      gathered = read_whole_page(memory, candidates, kept);
      gathered_bytes = kept.arena->allocated();
      memory.execute("DELETE FROM logs");
      insert_all(memory, kept);
    }
  }
  Page page;
  read_whole_page(memory, query, page.batch);
  return page;
}

std::uint64_t Search::count_day(Connection& connection, Day day, const Query& query) const {
  if (whole_day_matches(day, query)) {
    Statement rows = connection.prepare("SELECT rows FROM tenant_rows WHERE tenant = ?1");
    rows.bind(1, query.tenant);
    return rows.step() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
  }
  const TimeSpans spans = stretches(connection, day, query);
  // Where no index helps, the sums of the minutes may.
  if (spans.size() == 1 && spans.front() == kWhole) {
    query::Grouping all;
    all.query = query;
    GroupSums sums(all);
    sqlite::count_day(connection, day, all, sums);
    return sums.take().front().count;
  }
  std::uint64_t rows = 0;
  for (const TimeSpan& stretch : spans) {
    const Query piece = within(query, stretch);
    if (!is_empty(piece)) rows += count_matches(connection, piece);
  }
  return rows;
}

TimeSpans Search::stretches(Connection& connection, Day day, const Query& query) const {
  auto spans = indexes_.narrow(connection, day, query.filters);
  if (!spans) return {kWhole};
  if (query.order == Order::descending) std::reverse(spans->begin(), spans->end());
  return std::move(*spans);
}

std::uint64_t Search::count(const Query& query) {
  Query all = query;
  all.after.reset();
  std::uint64_t total = 0;
  for (const Day day : days_for(all)) {
    rest();
    if (auto reader = readers_.open(day, deadline_)) total += count_day(**reader, day, all);
  }
  return total;
}

std::optional<Page> Search::find(const query::View& view, const RecordKey& key) {
  auto reader = readers_.open(day_of(key.timestamp), deadline_);
  if (!reader) return std::nullopt;
  Page page;
  const RowsRead read = read_page(**reader, query::question_for(view, key), page.batch);
  if (read.count == 0) return std::nullopt;
  return page;
}

Statistics Search::statistics(const query::View& view, Timestamp now) {
  Query query;
  query::bind(query, view);
  Statistics result;
  result.total_logs = count(query);
  query.since = now - std::chrono::hours(1);
  result.logs_last_hour = count(query);
  query.since = now - std::chrono::hours(24);
  result.logs_last_day = count(query);
  count_activity(view, now, result);
  return result;
}

void Search::count_activity(const query::View& view, Timestamp now, Statistics& result) {
  const Timestamp types_since = now - std::chrono::hours(24);
  Query active;
  active.since = now - std::chrono::minutes(30);
  query::bind(active, view);
  query::Grouping recent;
  recent.query.since = types_since;
  recent.by = {query::Subject{Field::event_type}};
  query::bind(recent.query, view);
  GroupSums types(recent);
  const query::Sql session_sql = query::select_columns(
      "DISTINCT session_id", active, " AND session_id IS NOT NULL", Dialect::sqlite);
  std::unordered_set<std::string> sessions;
  for (const Day day : days_.days()) {
    if (day < day_of(types_since)) continue;
    auto reader = readers_.open(day, deadline_);
    if (!reader) continue;
    Statement session = (*reader)->prepare(session_sql.text);
    bind_values(session, session_sql);
    while (session.step()) sessions.emplace(session.text(0));
    sqlite::count_day(**reader, day, recent, types);
  }
  result.active_sessions = sessions.size();
  for (const query::Group& type : types.take()) {
    if (type.values.front()) result.top_event_types.push_back({*type.values.front(), type.count});
  }
  std::stable_sort(result.top_event_types.begin(), result.top_event_types.end(),
                   [](const auto& a, const auto& b) { return a.count > b.count; });
  if (result.top_event_types.size() > kTopEventTypes) {
    result.top_event_types.resize(kTopEventTypes);
  }
}

std::uint64_t Search::total_rows() {
  std::uint64_t total = 0;
  for (const Day day : days_.days()) {
    // One file is too quick for its own check, many may not be.
    if (std::chrono::steady_clock::now() > deadline_) {
      throw Error(ErrorCode::timeout,
                  "counting the rows of all days took longer than database.statement_timeout",
                  "raise database.statement_timeout");
    }
    if (auto reader = readers_.open(day, deadline_)) {
      total += static_cast<std::uint64_t>((*reader)->scalar("SELECT sum(rows) FROM tenant_rows"));
    }
  }
  return total;
}

}  // namespace logctl::storage::sqlite
