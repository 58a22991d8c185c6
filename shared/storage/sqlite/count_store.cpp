#include "shared/storage/sqlite/count_store.h"

#include "shared/base/error.h"
#include "shared/query/aggregate_sql.h"
#include "shared/storage/count_plan.h"
#include "shared/storage/facet_tally.h"
#include "shared/storage/group_tally.h"
#include "shared/storage/measures.h"
#include "shared/storage/pace.h"
#include "shared/storage/sqlite/moment.h"
#include "shared/storage/sqlite/rollup_writer.h"
#include "shared/storage/sqlite/rows.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

using query::Dialect;

std::optional<std::string> optional_text(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return std::string(statement.text(column));
}

// Whether the question is how many rows the day has.
bool is_of_whole_day(const query::Grouping& question, Day day) {
  const query::Query& query = question.query;
  return !question.step && question.by.empty() && query.filters.empty() &&
         (!query.since || *query.since <= Timestamp(day)) &&
         (!query.until || *query.until >= Timestamp(day + std::chrono::days(1)));
}

std::int64_t rows_of(Connection& connection, const std::string& tenant) {
  Statement select = connection.prepare("SELECT rows FROM tenant_rows WHERE tenant = ?1");
  select.bind(1, tenant);
  return select.step() ? select.integer(0) : 0;
}

}  // namespace

void count_day(Connection& connection, Day day, const query::Grouping& question, GroupSums& sums) {
  if (is_of_whole_day(question, day)) {
    sums.add(0, {}, rows_of(connection, question.query.tenant));
    return;
  }
  const Moment moment(connection);
  const bool known = query::is_rolled_up(question.query) &&
                     std::ranges::all_of(question.by, [](const query::Subject& subject) {
                       return query::is_rolled_up(subject);
                     });
  query::Grouping part = question;
  GroupTally tally;
  const Kept kept = known ? usable(kept_counts(connection), question.step) : Kept{};
  for (CountPiece& piece : count_pieces(question.query, day, day, kept)) {
    part.query = std::move(piece.query);
    const auto bucket = question.step ? only_bucket(part.query, *question.step) : std::nullopt;
    part.step = bucket ? std::nullopt : question.step;
    const bool one_group = !part.step && part.by.empty();
    const query::Sql sql = one_group ? query::select_groups(part, piece.source, Dialect::sqlite)
                                     : query::select_counted(part, piece.source);
    Statement select = connection.prepare(sql.text);
    bind_values(select, sql);
    while (select.step()) {
      int column = 0;
      tally.begin(part.step ? bucket_of(select.integer(column++), *part.step) : bucket.value_or(0));
      for (std::size_t i = 0; i < part.by.size(); ++i, ++column) {
        if (select.is_null(column)) {
          tally.no_value();
        } else {
          tally.value(select.text(column));
        }
      }
      tally.add(piece.sign * select.integer(column));
    }
  }
  tally.move_to(sums);
}

SqliteCountStore::SqliteCountStore(const Directory& directory, const config::Config& config,
                                   std::shared_ptr<const WriteLoad> writers)
    : directory_(directory),
      query_timeout_(config.database.statement_timeout),
      write_load_(std::move(writers)),
      readers_(directory_, std::max<std::size_t>(config.storage.sqlite_open_days, 1)) {}

void SqliteCountStore::each_day(const query::Query& query,
                                const std::function<bool(Connection&, Day)>& work) {
  Deadline deadline = query_timeout_ == microseconds(0)
                          ? Deadline::max()
                          : std::chrono::steady_clock::now() + query_timeout_;
  std::vector<Day> days = directory_.days();
  std::reverse(days.begin(), days.end());
  Pace pace(*write_load_);
  for (const Day day : days) {
    if (query.since && day < day_of(*query.since)) break;
    if (query.until && Timestamp(day) >= *query.until) continue;
    const auto rested = pace.rest();
    if (deadline != Deadline::max()) deadline += rested;
    if (std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorCode::timeout,
                  "counting over all days took longer than database.statement_timeout",
                  "narrow the range of time, or raise database.statement_timeout");
    }
    auto reader = readers_.open(day, deadline);
    if (reader && !work(**reader, day)) break;
  }
}

std::vector<query::Group> SqliteCountStore::groups(const query::Grouping& question) {
  GroupSums sums(question);
  each_day(question.query, [&](Connection& connection, Day day) {
    count_day(connection, day, question, sums);
    return true;
  });
  return sums.take();
}

query::Values SqliteCountStore::values(const query::ValuesQuestion& question) {
  ValueSums sums;
  const bool known = query::is_rolled_up(question.query) && query::is_rolled_up(question.subject);
  query::ValuesQuestion part = question;
  each_day(question.query, [&](Connection& connection, Day day) {
    const Moment moment(connection);
    const Kept kept = known ? kept_counts(connection) : Kept{};
    for (CountPiece& piece : count_pieces(question.query, day, day, usable(kept, std::nullopt))) {
      part.query = std::move(piece.query);
      const query::Sql sql = query::select_values(part, piece.source, Dialect::sqlite);
      Statement select = connection.prepare(sql.text);
      bind_values(select, sql);
      while (select.step()) sums.add(select.text(0), piece.sign * select.integer(1));
    }
    return true;
  });
  return sums.take(question.limit);
}

query::Facets SqliteCountStore::facets(const query::FacetsQuestion& question) {
  FacetTally tally(question.sample);
  each_day(question.query, [&](Connection& connection, Day) {
    const query::Sql sql =
        query::select_facet_sample(question.query, tally.wanted(), Dialect::sqlite);
    Statement select = connection.prepare(sql.text);
    bind_values(select, sql);
    const int properties = static_cast<int>(query::facet_columns().size());
    while (select.step() && tally.row()) {
      for (int i = 0; i < properties; ++i) {
        if (!select.is_null(i)) tally.column(static_cast<std::size_t>(i), select.text(i));
      }
      tally.properties(select.text(properties));
    }
    return tally.wanted() > 0;
  });
  query::Facets facets = tally.take(question.limit);
  complete_facets(*this, question, facets);
  return facets;
}

query::Stats SqliteCountStore::stats(const query::StatsQuestion& question) {
  Measures measures(question);
  const query::Sql sql = query::select_measured(question);
  each_day(question.query, [&](Connection& connection, Day) {
    Statement select = connection.prepare(sql.text);
    bind_values(select, sql);
    std::vector<std::optional<std::string>> key(question.by.size());
    while (select.step()) {
      int column = 0;
      for (auto& value : key) value = optional_text(select, column++);
      Measures::Group& group = measures.group(key);
      for (std::size_t i = 0; i < question.calcs.size(); ++i, ++column) {
        if (select.is_null(column)) continue;
        if (question.calcs[i].measure == query::Measure::distinct) {
          measures.add_text(group, i, select.text(column));
        } else {
          measures.add_number(group, i, select.real(column));
        }
      }
    }
    return true;
  });
  return measures.take();
}

Total SqliteCountStore::total(const query::Query& query, std::uint64_t most) {
  const auto count_all = [&] {
    query::Grouping all;
    all.query = query;
    return groups(all).front().count;
  };
  if (query::is_rolled_up(query)) return {count_all()};
  std::uint64_t counted = 0;
  std::int64_t oldest = 0;
  each_day(query, [&](Connection& connection, Day) {
    const query::Sql sql = query::select_bounded_count(query, most + 1 - counted, Dialect::sqlite);
    Statement select = connection.prepare(sql.text);
    bind_values(select, sql);
    if (select.step() && select.integer(0) > 0) {
      counted += static_cast<std::uint64_t>(select.integer(0));
      oldest = select.integer(1);
    }
    return counted <= most;
  });
  if (counted <= most) return {counted};
  bool quick = true;
  each_day(query, [&](Connection& connection, Day) {
    return quick = kept_counts(connection).grain != Grain::none;
  });
  if (!quick) return {count_all()};
  return estimate(*this, query, counted, from_micros(oldest));
}

}  // namespace logctl::storage::sqlite
