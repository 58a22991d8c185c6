#include "shared/storage/sqlite/rollup_upkeep.h"

#include "shared/storage/sqlite/moment.h"
#include "shared/storage/sqlite/rollup_writer.h"

#include <chrono>
#include <cstddef>
#include <limits>

namespace logctl::storage::sqlite {
namespace {

// Bounds the memory that counting a day again takes.
constexpr std::size_t kMostGroups = 300'000;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

constexpr const char* kCount =
    "SELECT timestamp - ((timestamp % ?1) + ?1) % ?1, tenant, service, level, event_type, "
    "event_name, count(*) FROM logs GROUP BY 1, 2, 3, 4, 5, 6";

// Whether the counts by this grain are worth keeping, and all there.
bool count_by(Connection& reader, Grain grain, Recount& result) {
  result.counts.clear();
  result.texts = Arena();
  std::int64_t rows = 0;
  Statement count = reader.prepare(kCount);
  count.bind(1, length_of(grain).count());
  while (count.step() && result.counts.size() <= kMostGroups) {
    const auto text = [&](int column) { return result.texts.copy(count.text(column)); };
    result.counts.push_back(
        {count.integer(0), text(1), text(2), text(3), text(4), text(5), count.integer(6)});
    rows += count.integer(6);
  }
  return result.counts.size() <= kMostGroups &&
         worth_keeping(static_cast<std::int64_t>(result.counts.size()), rows);
}

constexpr const char* kAddUp =
    "SELECT tenant, service, level, event_type, event_name, sum(n), count(*) FROM rollups "
    "GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0";

// Changes with every commit of another connection.
std::int64_t data_version(Connection& reader) { return reader.scalar("PRAGMA data_version"); }

std::optional<std::int64_t> generation_to_count(Connection& reader, Timestamp quiet_since) {
  const std::int64_t version = reader.scalar("PRAGMA user_version");
  if (version < kHasRollups) return std::nullopt;
  Statement state = reader.prepare(
      version < kHasCoarse
          ? "SELECT generation FROM rollup_state WHERE stale AND marked_at <= ?1"
          : "SELECT generation FROM rollup_state WHERE (stale OR coarse) AND marked_at <= ?1");
  state.bind(1, to_micros(quiet_since));
  if (!state.step()) return std::nullopt;
  return state.integer(0);
}

}  // namespace

std::optional<Recount> recount(Connection& reader, Timestamp quiet_since) {
  std::optional<Recount> result;
  const Moment moment(reader);
  const auto generation = generation_to_count(reader, quiet_since);
  if (!generation) return result;
  result.emplace();
  result->generation = *generation;
  for (const Grain grain : {Grain::minutes, Grain::hours}) {
    if (!count_by(reader, grain, *result)) continue;
    result->grain = grain;
    break;
  }
  return result;
}

bool put(Connection& writer, const Recount& recount) {
  Statement same =
      writer.prepare("SELECT 1 FROM rollup_state WHERE (stale OR coarse) AND generation = ?1");
  same.bind(1, recount.generation);
  if (!same.step()) return false;
  same.reset();
  writer.execute("DELETE FROM rollups");
  if (recount.grain != Grain::none) RollupWriter(writer).set(recount.counts);
  // What is not by the minute now never will be: nobody need count it again.
  Statement state = writer.prepare(
      "UPDATE rollup_state SET stale = ?1, coarse = ?2, summed = 0, "
      "marked_at = CASE WHEN ?3 THEN marked_at ELSE ?4 END");
  state.bind(1, std::int64_t{recount.grain == Grain::none});
  state.bind(2, std::int64_t{recount.grain == Grain::hours});
  state.bind(3, std::int64_t{recount.grain == Grain::minutes});
  state.bind(4, kNever);
  state.run();
  return true;
}

bool is_dense(Connection& reader) {
  const Moment moment(reader);
  return kept_counts(reader).grain == Grain::minutes &&
         !worth_keeping(reader.scalar("SELECT count(*) FROM rollups"),
                        reader.scalar("SELECT coalesce(sum(rows), 0) FROM tenant_rows"));
}

void merge_hour(Connection& writer, Timestamp hour) {
  writer.execute(
      "CREATE TEMP TABLE IF NOT EXISTS merged AS SELECT * FROM rollups WHERE 0; "
      "DELETE FROM temp.merged");
  const auto run = [&](std::string_view sql) {
    Statement statement = writer.prepare(sql);
    statement.bind(1, to_micros(hour));
    if (sql.find("?2") != std::string_view::npos) {
      statement.bind(2, to_micros(hour + std::chrono::hours(1)));
    }
    statement.run();
  };
  run("INSERT INTO temp.merged SELECT ?1, tenant, service, level, event_type, event_name, sum(n) "
      "FROM rollups WHERE minute >= ?1 AND minute < ?2 GROUP BY 2, 3, 4, 5, 6 HAVING sum(n) <> 0");
  run("DELETE FROM rollups WHERE minute >= ?1 AND minute < ?2");
  run("INSERT INTO rollups SELECT * FROM temp.merged WHERE minute = ?1");
}

std::optional<DaySums> add_up(Connection& reader, std::chrono::sys_days day) {
  std::optional<DaySums> sums;
  const std::int64_t begun_at = data_version(reader);
  const Moment moment(reader);
  if (reader.scalar("PRAGMA user_version") < kHasSums) return sums;
  if (reader.scalar("SELECT EXISTS (SELECT 1 FROM rollup_state WHERE stale OR summed)") != 0) {
    return sums;
  }
  sums.emplace();
  sums->data_version = begun_at;
  std::int64_t rollups = 0;
  Statement select = reader.prepare(kAddUp);
  while (select.step() && sums->counts.size() <= kMostGroups) {
    const auto text = [&](int column) { return sums->texts.copy(select.text(column)); };
    sums->counts.push_back({to_micros(Timestamp(day)), text(0), text(1), text(2), text(3), text(4),
                            select.integer(5)});
    rollups += select.integer(6);
  }
  sums->worth_keeping = sums->counts.size() <= kMostGroups &&
                        worth_keeping(static_cast<std::int64_t>(sums->counts.size()), rollups);
  return sums;
}

bool put(Connection& writer, Connection& reader, const DaySums& sums) {
  if (data_version(reader) != sums.data_version) return false;
  writer.execute("DELETE FROM rollup_sums");
  Statement insert = writer.prepare(
      "INSERT INTO rollup_sums (day, tenant, service, level, event_type, event_name, n) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
  if (sums.worth_keeping) {
    for (const MinuteCount& count : sums.counts) {
      bind_count(insert, count);
      insert.run();
    }
  }
  Statement state = writer.prepare("UPDATE rollup_state SET summed = ?1");
  state.bind(1, sums.worth_keeping ? kSummed : kNotWorthSumming);
  state.run();
  return true;
}

}  // namespace logctl::storage::sqlite
