#include "shared/storage/postgres/log_store.h"

#include "shared/query/sql.h"
#include "shared/storage/page_limit.h"
#include "shared/storage/postgres/array_text.h"
#include "shared/storage/postgres/count_store.h"
#include "shared/storage/postgres/examine.h"
#include "shared/storage/postgres/paced_search.h"
#include "shared/storage/postgres/page_statement.h"
#include "shared/storage/postgres/rollup_upkeep.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/search_windows.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::storage::postgres {
namespace {

constexpr microseconds kWaitForWriter = seconds(10);
constexpr std::size_t kTopEventTypes = 10;
constexpr std::uint32_t kFewestRows = 100;
constexpr std::uint32_t kMostFirstRows = 1000;
constexpr int kIdsPerPiece = 10'000;

std::size_t mean_bytes(const Batch& batch) {
  return batch.arena->allocated() / batch.records.size();
}

// How many rows to ask for next: the server reads the text of all of them, however few of large
// ones fit into a page. `usual` is the size of a row while this page does not tell.
std::uint32_t next_rows(const Batch& batch, std::size_t usual) {
  const bool first = batch.records.empty();
  const std::size_t size = first ? usual : mean_bytes(batch);
  const auto rows = std::max(kFewestRows, static_cast<std::uint32_t>(kMostPageBytes / (size + 1)));
  return first ? std::min(rows, kMostFirstRows) : rows;
}

// Reads rows into the batch until it holds `most` records or its bytes are full; whether there is
// one more.
bool fetch_page(Session& session, query::Query query, std::size_t most, std::size_t& usual,
                Batch& batch) {
  const std::uint32_t wanted = query.limit;
  for (std::uint32_t done = 0; done < wanted;) {
    query.limit = wanted - done;
    // Only in the order of time is it cheap to go on behind a row.
    if (query.sort == query::Field::timestamp) {
      query.limit = std::min(query.limit, next_rows(batch, usual));
    }
    PageStatement statement = page_statement(query, usual);
    pqxx::result rows = session.run(statement.sql.text, values_of(statement.sql));
    if (statement.light && lack_text(rows)) {
      usual = kMostPageBytes / query.limit;  // there are large ones: not again for a while
      statement = bounded_page_statement(query);
      rows = session.run(statement.sql.text, values_of(statement.sql));
    }
    const auto found = static_cast<std::uint32_t>(rows.size());
    if (read_records(rows, most, batch) < found) return true;
    if (found < query.limit) return false;
    done += found;
    const LogRecord& last = batch.records.back();
    query.after = query::Cursor{last.timestamp, std::string(last.event_id)};
  }
  return false;
}

std::uint64_t read_count(const pqxx::field& field) {
  return static_cast<std::uint64_t>(read_integer(field));
}

// One statement, and so of one moment.
Balances read_balances(Session& session) {
  Balances balances;
  for (const auto& row : session.run(
           "SELECT 'book', source, tenant, what, sum(n)::bigint FROM accounting "
           "GROUP BY source, tenant, what UNION ALL "
           "SELECT 'position', source, '', '', position FROM spool_positions ORDER BY 2, 3, 4")) {
    const std::string_view kind = row[0].c_str();
    const std::uint64_t count = read_count(row[4]);
    if (kind == "book") {
      balances.accounts.push_back({row[1].c_str(), row[2].c_str(), row[3].c_str(), count});
    } else {
      balances.positions[row[1].c_str()] = count;
    }
  }
  return balances;
}

}  // namespace

PostgresLogStore::PostgresLogStore(std::shared_ptr<Pool> pool, const Settings& settings,
                                   const Clock& clock)
    : pool_(std::move(pool)),
      settings_(settings),
      clock_(clock),
      writers_(settings.writers),
      appender_(writers_, partitions_, clock, settings.appender) {}

AppendResult PostgresLogStore::append(std::span<const LogRecord* const> records,
                                      const Origin& origin) {
  const WriteLoad::Writing writing(pool_->write_load());
  return appender_.append(records, origin);
}

void PostgresLogStore::count(std::string_view source, std::span<const Count> counts) {
  if (counts.empty()) return;
  const AppendResult result = appender_.append({}, {source, counts});
  if (!result.counted) throw Error(ErrorCode::unavailable, result.failure);
}

Balances PostgresLogStore::balances() {
  Balances balances;
  pool_->read("read the books", [&](Session& session) { balances = read_balances(session); });
  return balances;
}

Audit PostgresLogStore::audit(const AtCut& at_cut) {
  Audit audit;
  pool_->snapshot("audit", [&](Session& session) {
    session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
    session.run("SET LOCAL statement_timeout = 0");
    // The snapshot's moment is that of the first statement, which is quick.
    audit = {read_balances(session), {}};
    if (at_cut) at_cut(audit);
    for (const auto& row : session.run("SELECT tenant, count(*) FROM logs GROUP BY tenant")) {
      audit.rows[row[0].c_str()] = read_count(row[1]);
    }
  });
  return audit;
}

std::uint64_t PostgresLogStore::position(std::string_view source) {
  std::uint64_t position = 0;
  pool_->read("read a position", [&](Session& session) {
    const pqxx::result found = session.run("SELECT position FROM spool_positions WHERE source = $1",
                                           {std::string(source)});
    position = found.empty() ? 0 : read_count(found[0][0]);
  });
  return position;
}

Page PostgresLogStore::search(const query::Query& query) {
  // One row more than asked tells whether another page follows.
  query::Query wider = query;
  const bool paged = query.sort == query::Field::timestamp && query.limit < UINT32_MAX;
  if (paged) ++wider.limit;
  const bool can_end_early = paged && (query.after || query.offset == 0);
  const WriteLoad& load = pool_->write_load();
  const Timestamp now = clock_.now();
  Page page;
  std::size_t usual = row_bytes_;
  const auto asking = [&](Session& session) -> AskPart {
    return [&](query::Query part) {
      if (paged) part.limit -= static_cast<std::uint32_t>(page.batch.records.size());
      return fetch_page(session, part, query.limit, usual, page.batch);
    };
  };
  bool more = false;
  const auto search_all = [&](Session& session) {
    page = {};
    more = search_paced(session, load, wider, now, asking(session));
  };
  if (load.saturated()) {
    pool_->snapshot("search", search_all);
  } else {
    // Most pages end here: a transaction around one statement would take longer than the statement.
    const std::vector<query::Query> windows = search_windows(wider, now);
    pool_->read("search", [&](Session& session) {
      page = {};
      more = asking(session)(windows.front());
    });
    bool begun = false;
    if (!more && windows.size() > 1) {
      pool_->snapshot("search", [&](Session& session) {
        if (begun)
          return search_all(session);  // what the attempt that failed has read is in the page
        begun = true;
        more = search_beyond(session, load, windows.back(), now, asking(session));
      });
    }
  }
  note_row_bytes(page.batch, usual);
  if (more && page.batch.records.size() < query.limit && !can_end_early) throw page_too_large();
  if (paged && more && !page.batch.records.empty()) {
    const LogRecord& last = page.batch.records.back();
    page.next = query::Cursor{last.timestamp, std::string(last.event_id)};
  }
  return page;
}

// The large ones are remembered for a while, since to ask for too many of them costs much more than
// to ask for too few of others.
void PostgresLogStore::note_row_bytes(const Batch& batch, std::size_t known) {
  if (batch.records.empty()) return;
  row_bytes_ = std::max(mean_bytes(batch), known - known / 16);
}

std::uint64_t PostgresLogStore::count(const query::Query& query) {
  query::Grouping all;
  all.query = query;
  std::uint64_t result = 0;
  pool_->snapshot("count", [&](Session& session) {
    keep_one_snapshot(session);
    result = count_groups(session, all).front().count;
  });
  return result;
}

std::optional<Page> PostgresLogStore::find(const query::View& view, const RecordKey& key) {
  const query::Sql sql =
      query::select_rows(query::question_for(view, key), query::Dialect::postgres);
  std::optional<Page> result;
  pool_->read("find a record", [&](Session& session) {
    const pqxx::result rows = session.run(sql.text, values_of(sql));
    result.reset();
    if (rows.empty()) return;
    result.emplace();
    read_records(rows, 1, result->batch);
  });
  return result;
}

std::vector<bool> PostgresLogStore::knows(std::span<const Identity> records) {
  // Each look-up by itself (LIMIT keeps them apart), so that each touches one partition's key. The
  // bounds tell the planner which partitions it need not look at.
  constexpr const char* kStored =
      "SELECT sent.position FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY "
      "AS sent (tenant, event_id, time, position) CROSS JOIN LATERAL ("
      "SELECT 1 FROM logs WHERE timestamp = sent.time AND event_id = sent.event_id AND "
      "tenant = sent.tenant AND timestamp BETWEEN $4::timestamptz AND $5::timestamptz LIMIT 1) "
      "AS stored";
  constexpr const char* kSeen =
      "SELECT sent.position FROM unnest($1::text[], $2::text[]) WITH ORDINALITY "
      "AS sent (tenant, event_id, position) CROSS JOIN LATERAL ("
      "SELECT 1 FROM recent_ids WHERE event_id = sent.event_id AND "
      "tenant = sent.tenant AND seen_at > $3::timestamptz LIMIT 1) AS seen";
  struct Asked {
    ArrayText tenants;
    ArrayText ids;
    ArrayText times;
    std::vector<std::size_t> positions;
  };
  Asked timed;
  Asked untimed;
  Timestamp first = Timestamp::max();
  Timestamp last = Timestamp::min();
  for (std::size_t i = 0; i < records.size(); ++i) {
    const Identity& record = records[i];
    Asked& asked = record.time ? timed : untimed;
    asked.tenants.add(record.tenant);
    asked.ids.add(record.event_id);
    asked.positions.push_back(i);
    if (!record.time) continue;
    asked.times.add(time_text(*record.time));
    first = std::min(first, *record.time);
    last = std::max(last, *record.time);
  }
  std::vector<bool> known(records.size(), false);
  const auto note = [&](const Asked& asked, const pqxx::result& found) {
    for (const auto& row : found) known[asked.positions[read_count(row[0]) - 1]] = true;
  };
  pool_->probe("look for records", [&](Session& session) {
    if (!timed.positions.empty()) {
      note(timed, session.run(kStored, {timed.tenants.text(), timed.ids.text(), timed.times.text(),
                                        time_text(first), time_text(last)}));
    }
    if (!untimed.positions.empty()) {
      const Timestamp window_start = clock_.now() - settings_.appender.dedup_window;
      note(untimed, session.run(kSeen, {untimed.tenants.text(), untimed.ids.text(),
                                        time_text(window_start)}));
    }
  });
  return known;
}

Statistics PostgresLogStore::statistics(const query::View& view, Timestamp now) {
  const auto ask = [&view](Session& session, std::optional<Timestamp> since,
                           std::vector<query::Subject> by = {}) {
    query::Grouping question;
    question.query.since = since;
    query::bind(question.query, view);
    question.by = std::move(by);
    return count_groups(session, question);
  };
  const Timestamp day = now - std::chrono::hours(24);
  Statistics result;
  pool_->snapshot("statistics", [&](Session& session) {
    keep_one_snapshot(session);
    result = Statistics{};
    result.total_logs = ask(session, std::nullopt).front().count;
    result.logs_last_hour = ask(session, now - std::chrono::hours(1)).front().count;
    result.logs_last_day = ask(session, day).front().count;
    query::Query active;
    active.since = now - std::chrono::minutes(30);
    query::bind(active, view);
    const query::Sql sql =
        query::select_columns("count(DISTINCT session_id)", active, {}, query::Dialect::postgres);
    result.active_sessions = read_count(session.run(sql.text, values_of(sql))[0][0]);
    for (const query::Group& type : ask(session, day, {{query::Field::event_type}})) {
      if (type.values.front()) result.top_event_types.push_back({*type.values.front(), type.count});
    }
  });
  std::ranges::stable_sort(result.top_event_types, std::ranges::greater(), &EventTypeCount::count);
  if (result.top_event_types.size() > kTopEventTypes) {
    result.top_event_types.resize(kTopEventTypes);
  }
  return result;
}

std::uint64_t PostgresLogStore::total_rows() {
  std::uint64_t result = 0;
  // For as long as it takes: who asks compares two stores.
  pool_->snapshot("count all rows", [&](Session& session) {
    session.run("SET LOCAL statement_timeout = 0");
    result = read_count(session.run("SELECT count(*) FROM logs")[0][0]);
  });
  return result;
}

std::vector<Symptom> PostgresLogStore::examine(Timestamp now) {
  std::vector<Symptom> symptoms;
  pool_->read("examine the server", [&](Session& session) {
    symptoms =
        postgres::examine(session, now, clock_, settings_.partitions_ahead, settings_.index_text);
    if (auto symptom = examine_timescale(session, settings_.partitioning)) {
      symptoms.push_back(std::move(*symptom));
    }
  });
  return symptoms;
}

void PostgresLogStore::maintain(Timestamp now) {
  if (settings_.writers.read_only) return;
  make_partitions_ahead(now);
  forget_old_ids(now);
  keep_up_rollups(*pool_, now);
}

void PostgresLogStore::make_partitions_ahead(Timestamp now) {
  std::vector<std::chrono::sys_days> days;
  for (std::uint32_t ahead = 0; ahead <= settings_.partitions_ahead; ++ahead) {
    days.push_back(day_of(now) + std::chrono::days(ahead));
  }
  Writers::Lease writer = writers_.take(kWaitForWriter);
  try {
    partitions_.ensure(writer.connection(), days);
    Partitions::adopt(writer.connection());
  } catch (...) {
    writer.drop();
    throw;
  }
}

// In pieces, so that no transaction is long and none of them holds up a writer.
void PostgresLogStore::forget_old_ids(Timestamp now) {
  const std::string oldest = time_text(now - settings_.appender.dedup_window);
  for (bool more = true; more;) {
    pool_->change("forget old ids", [&](Session& session) {
      const pqxx::result gone = session.run(
          fmt::format("DELETE FROM recent_ids WHERE (event_id, tenant) IN (SELECT event_id, tenant "
                      "FROM recent_ids WHERE seen_at < $1::timestamptz LIMIT {}) "
                      "AND seen_at < $1::timestamptz",
                      kIdsPerPiece),
          {oldest});
      more = static_cast<int>(gone.affected_rows()) == kIdsPerPiece;
    });
  }
}

void PostgresLogStore::ping() {
  pool_->probe("ping", [](Session& session) { session.run("SELECT 1"); });
}

}  // namespace logctl::storage::postgres
