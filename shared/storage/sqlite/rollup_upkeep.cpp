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

std::optional<std::int64_t> generation_to_count(Connection& reader, Timestamp quiet_since) {
  constexpr std::int64_t kHasRollups = 3;
  constexpr std::int64_t kHasCoarse = 5;
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
      "UPDATE rollup_state SET stale = ?1, coarse = ?2, "
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
  return rollup_grain(reader) == Grain::minutes &&
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

}  // namespace logctl::storage::sqlite
