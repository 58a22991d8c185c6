#include "shared/storage/sqlite/rollup_upkeep.h"

#include "shared/storage/sqlite/moment.h"
#include "shared/storage/sqlite/rollup_writer.h"

#include <cstddef>
#include <limits>

namespace logctl::storage::sqlite {
namespace {

// A day with more groups than a quarter of its rows is counted row by row for good.
constexpr std::int64_t kRowsPerGroup = 4;
constexpr std::size_t kAlwaysFine = 1000;
// Bounds the memory that counting a day again takes.
constexpr std::size_t kMostGroups = 300'000;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

constexpr const char* kCount =
    "SELECT timestamp - ((timestamp % 60000000) + 60000000) % 60000000, tenant, service, level, "
    "event_type, event_name, count(*) FROM logs GROUP BY 1, 2, 3, 4, 5, 6";

}  // namespace

std::optional<Recount> recount(Connection& reader, Timestamp quiet_since) {
  std::optional<Recount> result;
  constexpr const char* kHasState =
      "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'rollup_state')";
  if (reader.scalar(kHasState) == 0) return result;
  const Moment moment(reader);
  {
    Statement state =
        reader.prepare("SELECT generation FROM rollup_state WHERE stale AND marked_at <= ?1");
    state.bind(1, to_micros(quiet_since));
    if (state.step()) {
      result.emplace();
      result->generation = state.integer(0);
    }
  }
  if (result) {
    std::int64_t rows = 0;
    Statement count = reader.prepare(kCount);
    while (count.step() && result->counts.size() <= kMostGroups) {
      const auto text = [&](int column) { return result->texts.copy(count.text(column)); };
      result->counts.push_back(
          {count.integer(0), text(1), text(2), text(3), text(4), text(5), count.integer(6)});
      rows += count.integer(6);
    }
    const std::size_t groups = result->counts.size();
    result->dense =
        groups > kMostGroups ||
        (groups > kAlwaysFine && static_cast<std::int64_t>(groups) * kRowsPerGroup > rows);
  }
  return result;
}

bool put(Connection& writer, const Recount& recount) {
  Statement same = writer.prepare("SELECT 1 FROM rollup_state WHERE stale AND generation = ?1");
  same.bind(1, recount.generation);
  if (!same.step()) return false;
  same.reset();
  writer.execute("DELETE FROM rollups");
  if (recount.dense) {
    Statement mark = writer.prepare("UPDATE rollup_state SET marked_at = ?1");
    mark.bind(1, kNever);
    mark.run();
    return true;
  }
  RollupWriter(writer).set(recount.counts);
  writer.execute("UPDATE rollup_state SET stale = 0");
  return true;
}

}  // namespace logctl::storage::sqlite
