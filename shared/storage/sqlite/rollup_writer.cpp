#include "shared/storage/sqlite/rollup_writer.h"

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kMarkStale =
    "UPDATE rollup_state SET stale = 1, generation = generation + 1, "
    "marked_at = max(marked_at, ?1)";
constexpr std::string_view kMarkCoarse =
    "UPDATE rollup_state SET coarse = 1, generation = generation + 1, "
    "marked_at = max(marked_at, ?1)";
constexpr std::string_view kGrain = "SELECT stale, coarse FROM rollup_state";

// Schema versions of day files.
constexpr std::int64_t kHasRollups = 3;
constexpr std::int64_t kHasCoarse = 5;

Grain read_grain(Statement& state) {
  Grain grain = Grain::none;
  if (state.step() && state.integer(0) == 0) {
    grain = state.integer(1) == 0 ? Grain::minutes : Grain::hours;
  }
  state.reset();
  return grain;
}

}  // namespace

RollupWriter::RollupWriter(Connection& connection)
    : grain_(connection.prepare_kept(kGrain)),
      add_(connection.prepare_kept(
          "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET n = n + excluded.n")),
      mark_stale_(connection.prepare_kept(kMarkStale)),
      mark_coarse_(connection.prepare_kept(kMarkCoarse)) {}

Grain RollupWriter::grain() { return read_grain(grain_); }

void RollupWriter::add(const MinuteGroups& groups, Grain of_day, Timestamp now) {
  if (groups.too_many()) return mark_stale(now);
  if (groups.counts().empty()) return;
  set(groups.counts());
  if (of_day == Grain::hours || groups.grain() == Grain::hours) mark_coarse(now);
}

void RollupWriter::set(std::span<const MinuteCount> counts) {
  for (const MinuteCount& count : counts) {
    add_.bind(1, count.minute);
    add_.bind(2, count.tenant);
    add_.bind(3, count.service);
    add_.bind(4, count.level);
    add_.bind(5, count.event_type);
    add_.bind(6, count.event_name);
    add_.bind(7, count.rows);
    add_.run();
  }
}

void RollupWriter::mark_stale(Timestamp now) {
  mark_stale_.bind(1, to_micros(now));
  mark_stale_.run();
}

void RollupWriter::mark_coarse(Timestamp now) {
  mark_coarse_.bind(1, to_micros(now));
  mark_coarse_.run();
}

Grain rollup_grain(Connection& connection) {
  const std::int64_t version = connection.scalar("PRAGMA user_version");
  if (version < kHasRollups) return Grain::none;
  Statement state =
      connection.prepare(version < kHasCoarse ? "SELECT stale, 0 FROM rollup_state" : kGrain);
  return read_grain(state);
}

void mark_stale(Connection& connection, Timestamp now) {
  Statement mark = connection.prepare(kMarkStale);
  mark.bind(1, to_micros(now));
  mark.run();
}

}  // namespace logctl::storage::sqlite
