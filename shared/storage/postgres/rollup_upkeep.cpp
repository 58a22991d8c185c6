#include "shared/storage/postgres/rollup_upkeep.h"

#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rollup_writer.h"
#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace logctl::storage::postgres {
namespace {

// A day that took records a moment ago will take more: counting it again would be for nothing.
constexpr microseconds kQuietFor = seconds(120);

constexpr const char* kTryLock =
    "SELECT pg_try_advisory_xact_lock(hashtext('logctl rollups'), 'rollups'::regclass::oid::int4)";

// One statement, so one snapshot: what writers add meanwhile is neither lost nor taken twice.
constexpr const char* kMerge =
    "WITH fresh AS (DELETE FROM rollup_deltas RETURNING *), "
    "known AS (DELETE FROM rollups WHERE minute IN (SELECT minute FROM fresh) RETURNING *) "
    "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
    "SELECT minute, tenant, service, level, event_type, event_name, sum(n) FROM "
    "(SELECT * FROM fresh UNION ALL SELECT * FROM known) AS both_of_them "
    "GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0";

constexpr const char* kForget =
    "WITH gone AS (DELETE FROM rollup_days d WHERE NOT EXISTS (SELECT 1 FROM pg_class c "
    "WHERE c.oid = d.partition) RETURNING d.day), "
    "times AS (SELECT day, day::timestamp AT TIME ZONE 'UTC' AS first, "
    "(day + 1)::timestamp AT TIME ZONE 'UTC' AS last FROM gone), "
    "a AS (DELETE FROM rollups r USING times t WHERE r.minute >= t.first AND r.minute < t.last), "
    "b AS (DELETE FROM rollup_deltas r USING times t WHERE r.minute >= t.first AND "
    "r.minute < t.last) DELETE FROM rollup_marks m USING gone g WHERE m.day = g.day";

constexpr const char* kStale =
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "LEFT JOIN rollup_days d ON d.partition = c.oid "
    "WHERE i.inhparent = 'logs'::regclass AND NOT i.inhdetachpending AND "
    "(d.day IS NULL OR EXISTS (SELECT 1 FROM rollup_marks m WHERE m.day = d.day)) AND "
    "NOT EXISTS (SELECT 1 FROM rollup_marks m WHERE m.marked_at > $1::timestamptz AND "
    "'logs_' || to_char(m.day, 'YYYYMMDD') = c.relname) ORDER BY c.relname DESC";

// {0} the partition, {1} and {2} its bounds, {3} its day. A day with more groups than a quarter of
// its rows is not worth it: a mark for good says so.
constexpr const char* kRecount =
    "WITH fresh AS (SELECT date_trunc('minute', timestamp) AS minute, tenant, service, level, "
    "event_type, event_name, count(*) AS n FROM {0} GROUP BY 1, 2, 3, 4, 5, 6), "
    "worth AS (SELECT count(*) <= 1000 OR count(*) * 4 <= sum(n) AS it FROM fresh), "
    "a AS (DELETE FROM rollups WHERE minute >= {1} AND minute < {2}), "
    "b AS (DELETE FROM rollup_deltas WHERE minute >= {1} AND minute < {2}), "
    "c AS (DELETE FROM rollup_marks WHERE day = {3}), "
    "d AS (INSERT INTO rollup_marks (day, marked_at) SELECT {3}, 'infinity' FROM worth "
    "WHERE NOT it), "
    "e AS (INSERT INTO rollup_days (day, partition) VALUES ({3}, '{0}'::regclass::oid) "
    "ON CONFLICT (day) DO UPDATE SET partition = excluded.partition) "
    "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
    "SELECT fresh.* FROM fresh, worth WHERE it";

bool locked(Session& session) {
  session.run("SET LOCAL statement_timeout = 0");
  return session.run(kTryLock)[0][0].as<bool>();
}

std::int64_t unix_seconds(std::chrono::sys_days day) {
  return std::chrono::seconds(day.time_since_epoch()).count();
}

// A partition that was there before roll-ups were, or was restored, has no trigger yet. Its lock
// lets no writer in, so it is asked for apart, and not for long.
bool subtracts(Pool& pool, const std::string& partition) {
  bool ready = false;
  pool.change("prepare a day for counting", [&](Session& session) {
    ready = !session
                 .run(
                     "SELECT 1 FROM pg_trigger WHERE tgrelid = $1::regclass AND "
                     "tgname = 'logs_uncount'",
                     {partition})
                 .empty();
    if (ready) return;
    session.run("SET LOCAL lock_timeout = '500ms'");
    session.run(subtract_deletions(partition));
    ready = true;
  });
  return ready;
}

void recount(Pool& pool, const std::string& partition) {
  const auto day = partition_day(partition);
  if (!day || !subtracts(pool, partition)) return;
  const std::string date =
      fmt::format("(to_timestamp({}) AT TIME ZONE 'UTC')::date", unix_seconds(*day));
  pool.change("count a day again", [&](Session& session) {
    if (!locked(session)) return;
    session.run(fmt::format(
        fmt::runtime(kRecount), partition, fmt::format("to_timestamp({})", unix_seconds(*day)),
        fmt::format("to_timestamp({})", unix_seconds(*day + std::chrono::days(1))), date));
  });
}

}  // namespace

void keep_up_rollups(Pool& pool, Timestamp now) {
  bool mine = false;
  pool.change("merge counts", [&](Session& session) {
    mine = locked(session);
    if (!mine) return;
    session.run(kMerge);
    session.run(kForget);
  });
  if (!mine) return;
  std::vector<std::string> stale;
  pool.read("look for days to count", [&](Session& session) {
    stale.clear();
    for (const auto& row : session.run(kStale, {time_text(now - kQuietFor)})) {
      stale.emplace_back(row[0].c_str());
    }
  });
  for (const std::string& partition : stale) recount(pool, partition);
}

}  // namespace logctl::storage::postgres
