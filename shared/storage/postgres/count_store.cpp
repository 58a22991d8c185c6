#include "shared/storage/postgres/count_store.h"

#include "shared/query/aggregate_sql.h"
#include "shared/storage/count_plan.h"
#include "shared/storage/facet_tally.h"
#include "shared/storage/postgres/paced_search.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rows.h"

#include <algorithm>
#include <utility>

namespace logctl::storage::postgres {
namespace {

using query::Dialect;

constexpr const char* kFetchSample = "FETCH 5000 FROM facet_sample";

struct Run {
  std::chrono::sys_days first;
  std::chrono::sys_days last;
  Grain grain = Grain::none;
};

// Neighbouring days of one kind. A day without a partition has no rows, but may have left roll-ups
// behind: it belongs to no run.
std::vector<Run> runs(Session& session) {
  const pqxx::result found = session.run(
      "SELECT c.relname, CASE WHEN d.day IS NULL OR bool_or(NOT m.coarse) THEN 0 "
      "WHEN bool_or(m.coarse) THEN 1 ELSE 2 END "
      "FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
      "LEFT JOIN rollup_days d ON d.partition = c.oid LEFT JOIN rollup_marks m ON m.day = d.day "
      "WHERE i.inhparent = 'logs'::regclass AND NOT i.inhdetachpending GROUP BY c.relname, d.day");
  std::vector<Run> days;
  for (const auto& row : found) {
    const auto day = partition_day(row[0].c_str());
    // Somebody's own partition may hold any days.
    if (!day) return {};
    days.push_back({*day, *day, static_cast<Grain>(row[1].as<int>())});
  }
  std::ranges::sort(days, {}, &Run::first);
  std::vector<Run> result;
  for (const Run& day : days) {
    const bool goes_on = !result.empty() && result.back().grain == day.grain &&
                         result.back().last + std::chrono::days(1) == day.first;
    if (goes_on) {
      result.back().last = day.last;
    } else {
      result.push_back(day);
    }
  }
  return result;
}

std::vector<CountPiece> pieces(Session& session, const query::Query& query, bool use_rollups,
                               const std::optional<microseconds>& step) {
  const bool wanted = use_rollups && query::is_rolled_up(query);
  if (!wanted) return {{query, query::Source::rows}};
  const std::vector<Run> known = runs(session);
  if (known.empty()) return {{query, query::Source::rows}};
  std::vector<CountPiece> all;
  for (const Run& run : known) {
    const Kept kept = usable({run.grain, true}, step);
    for (CountPiece& piece : count_pieces(query, run.first, run.last, kept)) {
      all.push_back(std::move(piece));
    }
  }
  return all;
}

std::optional<std::string> optional_text(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return std::string(field.c_str(), field.size());
}

std::optional<double> optional_number(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<double>();
}

}  // namespace

void keep_one_snapshot(Session& session) {
  session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
}

std::vector<query::Group> count_groups(Session& session, const query::Grouping& question) {
  const bool by_rollups = std::ranges::all_of(
      question.by, [](const query::Subject& subject) { return query::is_rolled_up(subject); });
  GroupSums sums(question);
  query::Grouping part = question;
  for (CountPiece& piece : pieces(session, question.query, by_rollups, question.step)) {
    part.query = std::move(piece.query);
    const auto bucket = question.step ? only_bucket(part.query, *question.step) : std::nullopt;
    part.step = bucket ? std::nullopt : question.step;
    const query::Sql sql = query::select_groups(part, piece.source, Dialect::postgres);
    for (const auto& row : session.run(sql.text, values_of(sql))) {
      pqxx::row::size_type column = 0;
      const std::int64_t start = part.step ? read_integer(row[column++]) : bucket.value_or(0);
      std::vector<std::optional<std::string>> values;
      for (std::size_t i = 0; i < part.by.size(); ++i) {
        values.push_back(optional_text(row[column++]));
      }
      sums.add(start, std::move(values), piece.sign * read_integer(row[column]));
    }
  }
  return sums.take();
}

std::vector<query::Group> PostgresCountStore::groups(const query::Grouping& question) {
  std::vector<query::Group> result;
  pool_->snapshot("count", [&](Session& session) {
    keep_one_snapshot(session);
    give_way(session, pool_->write_load());
    result = count_groups(session, question);
  });
  return result;
}

query::Values PostgresCountStore::values(const query::ValuesQuestion& question) {
  query::Values result;
  pool_->snapshot("count values", [&](Session& session) {
    keep_one_snapshot(session);
    give_way(session, pool_->write_load());
    ValueSums sums;
    query::ValuesQuestion part = question;
    for (CountPiece& piece :
         pieces(session, question.query, query::is_rolled_up(question.subject), std::nullopt)) {
      part.query = std::move(piece.query);
      const query::Sql sql = query::select_values(part, piece.source, Dialect::postgres);
      for (const auto& row : session.run(sql.text, values_of(sql))) {
        sums.add({row[0].c_str(), row[0].size()}, piece.sign * read_integer(row[1]));
      }
    }
    result = sums.take(question.limit);
  });
  return result;
}

query::Facets PostgresCountStore::facets(const query::FacetsQuestion& question) {
  query::Facets result;
  pool_->snapshot("count facets", [&](Session& session) {
    give_way(session, pool_->write_load());
    FacetTally tally(question.sample);
    const query::Sql sql =
        query::select_facet_sample(question.query, tally.wanted(), Dialect::postgres);
    // By a cursor, so that memory does not grow with the sample.
    session.run("DECLARE facet_sample NO SCROLL CURSOR FOR " + sql.text, values_of(sql));
    const auto properties = static_cast<pqxx::row::size_type>(query::facet_columns().size());
    for (bool more = true; more;) {
      const pqxx::result rows = session.run(kFetchSample);
      more = !rows.empty();
      for (const auto& row : rows) {
        if (!tally.row()) break;
        const auto text = [&row](pqxx::row::size_type column) {
          const pqxx::field field = row[column];
          return std::string_view(field.c_str(), field.size());
        };
        for (pqxx::row::size_type i = 0; i < properties; ++i) {
          if (!row[i].is_null()) tally.column(static_cast<std::size_t>(i), text(i));
        }
        tally.properties(text(properties));
      }
    }
    result = tally.take(question.limit);
  });
  complete_facets(*this, question, result);
  return result;
}

query::Stats PostgresCountStore::stats(const query::StatsQuestion& question) {
  const query::Sql sql = query::select_stats(question);
  query::Stats result;
  pool_->snapshot("statistics by group", [&](Session& session) {
    give_way(session, pool_->write_load());
    result = {};
    for (const auto& row : session.run(sql.text, values_of(sql))) {
      pqxx::row::size_type column = 0;
      query::StatsRow& out = result.rows.emplace_back();
      for (std::size_t i = 0; i < question.by.size(); ++i) {
        out.values.push_back(optional_text(row[column++]));
      }
      out.count = static_cast<std::uint64_t>(read_integer(row[column++]));
      for (std::size_t i = 0; i < question.calcs.size(); ++i) {
        out.results.push_back(optional_number(row[column++]));
      }
      result.groups = static_cast<std::uint64_t>(read_integer(row[column]));
    }
  });
  return result;
}

Total PostgresCountStore::total(const query::Query& query, std::uint64_t most) {
  const auto count_all = [&] {
    query::Grouping all;
    all.query = query;
    return groups(all).front().count;
  };
  if (query::is_rolled_up(query)) return {count_all()};
  const query::Sql sql = query::select_bounded_count(query, most + 1, Dialect::postgres);
  std::uint64_t counted = 0;
  std::int64_t oldest = 0;
  bool quick = false;
  pool_->read("count", [&](Session& session) {
    quick = std::ranges::all_of(runs(session), [&](const Run& run) {
      return run.grain != Grain::none ||
             (query.since && Timestamp(run.last + std::chrono::days(1)) <= *query.since) ||
             (query.until && Timestamp(run.first) >= *query.until);
    });
    const pqxx::result rows = session.run(sql.text, values_of(sql));
    counted = static_cast<std::uint64_t>(read_integer(rows[0][0]));
    if (counted > 0) oldest = read_integer(rows[0][1]);
  });
  if (counted <= most) return {counted};
  if (!quick) return {count_all()};
  return estimate(*this, query, counted, from_micros(oldest));
}

}  // namespace logctl::storage::postgres
