#include "shared/storage/postgres/rollup_upkeep.h"

#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/rollup_writer.h"
#include "shared/storage/postgres/rows.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {
namespace {

// A day that took records a moment ago will take more: counting it again would be for nothing.
constexpr microseconds kQuietFor = seconds(120);

constexpr const char* kTryLock =
    "SELECT pg_try_advisory_xact_lock(hashtext('logctl rollups'), 'rollups'::regclass::oid::int4)";

// One statement, so one snapshot: what writers add meanwhile is neither lost nor taken twice. Of
// coarse days it makes rows by the hour.
constexpr const char* kMerge =
    "WITH fresh AS (DELETE FROM rollup_deltas RETURNING *), "
    "coarse AS (SELECT DISTINCT day FROM rollup_marks WHERE coarse), "
    "placed AS (SELECT CASE WHEN c.day IS NULL THEN f.minute ELSE date_trunc('hour', f.minute) END "
    "AS minute, tenant, service, level, event_type, event_name, n FROM fresh f LEFT JOIN coarse c "
    "ON c.day = (f.minute AT TIME ZONE 'UTC')::date), "
    "known AS (DELETE FROM rollups WHERE minute IN (SELECT minute FROM placed) RETURNING *), "
    "sums AS (INSERT INTO rollup_sums (day, tenant, service, level, event_type, event_name, n, "
    "loose) SELECT date_trunc('day', minute), tenant, service, level, event_type, event_name, "
    "sum(n), true FROM fresh GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0) "
    "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
    "SELECT minute, tenant, service, level, event_type, event_name, sum(n) FROM "
    "(SELECT * FROM placed UNION ALL SELECT * FROM known) AS both_of_them "
    "GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0";

// Looking for the rows of each group would cost a merge more than its own; of a day that is put
// together only when it has doubled, each row is moved but a few times.
constexpr const char* kGatherSums =
    "WITH scattered AS (SELECT day FROM rollup_sums WHERE day IN (SELECT day FROM rollup_sums "
    "WHERE loose) GROUP BY day HAVING count(*) FILTER (WHERE loose) > count(*) FILTER (WHERE NOT "
    "loose)), "
    "known AS (DELETE FROM rollup_sums WHERE day IN (SELECT day FROM scattered) RETURNING *) "
    "INSERT INTO rollup_sums (day, tenant, service, level, event_type, event_name, n, loose) "
    "SELECT day, tenant, service, level, event_type, event_name, sum(n), false FROM known "
    "GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0";

// Of marks that say the same or less, the newest is enough.
constexpr const char* kFewerMarks =
    "DELETE FROM rollup_marks m WHERE EXISTS (SELECT 1 FROM rollup_marks o WHERE o.day = m.day AND "
    "(NOT o.coarse OR m.coarse) AND (o.marked_at, o.ctid) > (m.marked_at, m.ctid))";

// Late days by the minute whose roll-ups are hardly smaller than they are (grain.h).
constexpr const char* kDense =
    "SELECT c.relname FROM (SELECT (minute AT TIME ZONE 'UTC')::date AS day, count(*) AS groups, "
    "sum(n) AS rows FROM rollups WHERE minute >= $1::timestamptz GROUP BY 1) AS r JOIN rollup_days "
    "d ON d.day = r.day "
    "JOIN pg_class c ON c.oid = d.partition WHERE r.groups > 1000 AND r.groups * 4 > r.rows AND "
    "NOT EXISTS (SELECT 1 FROM rollup_marks m WHERE m.day = r.day)";

// {0} the day, {1} and {2} its bounds. It adds up to the same.
constexpr const char* kMakeCoarse =
    "WITH known AS (DELETE FROM rollups WHERE minute >= {1} AND minute < {2} RETURNING *), "
    "mark AS (INSERT INTO rollup_marks (day, marked_at, coarse) VALUES ({0}, $1::timestamptz, "
    "true)) "
    "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
    "SELECT date_trunc('hour', minute), tenant, service, level, event_type, event_name, sum(n) "
    "FROM known GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0";

constexpr const char* kForget =
    "WITH gone AS (DELETE FROM rollup_days d WHERE NOT EXISTS (SELECT 1 FROM pg_class c "
    "WHERE c.oid = d.partition) RETURNING d.day), "
    "times AS (SELECT day, day::timestamp AT TIME ZONE 'UTC' AS first, "
    "(day + 1)::timestamp AT TIME ZONE 'UTC' AS last FROM gone), "
    "a AS (DELETE FROM rollups r USING times t WHERE r.minute >= t.first AND r.minute < t.last), "
    "b AS (DELETE FROM rollup_deltas r USING times t WHERE r.minute >= t.first AND "
    "r.minute < t.last), "
    "c AS (DELETE FROM rollup_sums s USING times t WHERE s.day = t.first) "
    "DELETE FROM rollup_marks m USING gone g WHERE m.day = g.day";

constexpr const char* kStale =
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
    "LEFT JOIN rollup_days d ON d.partition = c.oid "
    "WHERE i.inhparent = 'logs'::regclass AND NOT i.inhdetachpending AND "
    "(d.day IS NULL OR EXISTS (SELECT 1 FROM rollup_marks m WHERE m.day = d.day)) AND "
    "NOT EXISTS (SELECT 1 FROM rollup_marks m WHERE m.marked_at > $1::timestamptz AND "
    "'logs_' || to_char(m.day, 'YYYYMMDD') = c.relname) ORDER BY c.relname DESC";

// {0} the partition, {1} and {2} its bounds, {3} its day. Minutes that are not worth keeping become
// hours, hours that are not a mark: what is not by the minute now never will be.
constexpr const char* kRecount =
    "WITH minutes AS (SELECT date_trunc('minute', timestamp) AS minute, tenant, service, level, "
    "event_type, event_name, count(*) AS n FROM {0} GROUP BY 1, 2, 3, 4, 5, 6), "
    "hours AS (SELECT date_trunc('hour', minute) AS minute, tenant, service, level, event_type, "
    "event_name, sum(n) AS n FROM minutes GROUP BY 1, 2, 3, 4, 5, 6), "
    "worth AS (SELECT (SELECT count(*) <= 1000 OR count(*) * 4 <= sum(n) FROM minutes) AS minutes, "
    "(SELECT count(*) <= 1000 OR count(*) * 4 <= sum(n) FROM hours) AS hours), "
    "a AS (DELETE FROM rollups WHERE minute >= {1} AND minute < {2}), "
    "b AS (DELETE FROM rollup_deltas WHERE minute >= {1} AND minute < {2}), "
    "c AS (DELETE FROM rollup_marks WHERE day = {3}), "
    "d AS (INSERT INTO rollup_marks (day, marked_at, coarse) SELECT {3}, 'infinity', hours "
    "FROM worth WHERE NOT minutes), "
    "e AS (INSERT INTO rollup_days (day, partition) VALUES ({3}, '{0}'::regclass::oid) "
    "ON CONFLICT (day) DO UPDATE SET partition = excluded.partition), "
    "f AS (DELETE FROM rollup_sums WHERE day = {1}), "
    "g AS (INSERT INTO rollup_sums (day, tenant, service, level, event_type, event_name, n, loose) "
    "SELECT {1}, tenant, service, level, event_type, event_name, sum(hours.n), false "
    "FROM hours, worth WHERE worth.minutes OR worth.hours GROUP BY 2, 3, 4, 5, 6) "
    "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
    "SELECT minutes.* FROM minutes, worth WHERE worth.minutes UNION ALL "
    "SELECT hours.* FROM hours, worth WHERE worth.hours AND NOT worth.minutes";

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

std::string date_of(std::chrono::sys_days day) {
  return fmt::format("(to_timestamp({}) AT TIME ZONE 'UTC')::date", unix_seconds(day));
}
std::string start_of(std::chrono::sys_days day) {
  return fmt::format("to_timestamp({})", unix_seconds(day));
}

void recount(Pool& pool, const std::string& partition) {
  const auto day = partition_day(partition);
  if (!day || !subtracts(pool, partition)) return;
  pool.change("count a day again", [&](Session& session) {
    if (!locked(session)) return;
    session.run(fmt::format(fmt::runtime(kRecount), partition, start_of(*day),
                            start_of(*day + std::chrono::days(1)), date_of(*day)));
  });
}

void make_coarse(Pool& pool, const std::string& partition, Timestamp now) {
  const auto day = partition_day(partition);
  if (!day) return;
  pool.change("count a day by hours", [&](Session& session) {
    if (!locked(session)) return;
    session.run(fmt::format(fmt::runtime(kMakeCoarse), date_of(*day), start_of(*day),
                            start_of(*day + std::chrono::days(1))),
                {time_text(now)});
  });
}

}  // namespace

void keep_up_rollups(Pool& pool, Timestamp now) {
  bool mine = false;
  pool.change("merge counts", [&](Session& session) {
    mine = locked(session);
    if (!mine) return;
    session.run(kMerge);
    session.run(kGatherSums);
    session.run(kFewerMarks);
    session.run(kForget);
  });
  if (!mine) return;
  const auto days = [&pool](std::string_view what, const char* sql,
                            const std::vector<Value>& values) {
    std::vector<std::string> partitions;
    pool.read(what, [&](Session& session) {
      partitions.clear();
      for (const auto& row : session.run(sql, values)) partitions.emplace_back(row[0].c_str());
    });
    return partitions;
  };
  for (const auto& day : days("look for days to count", kStale, {time_text(now - kQuietFor)})) {
    recount(pool, day);
  }
  const Timestamp lately = day_of(now) - std::chrono::days(1);
  for (const auto& day : days("look for dense days", kDense, {time_text(lately)})) {
    make_coarse(pool, day, now);
  }
}

}  // namespace logctl::storage::postgres
