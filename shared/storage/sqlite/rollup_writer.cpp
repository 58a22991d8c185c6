#include "shared/storage/sqlite/rollup_writer.h"

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kMarkStale =
    "UPDATE rollup_state SET stale = 1, summed = 0, generation = generation + 1, "
    "marked_at = max(marked_at, ?1)";
constexpr std::string_view kMarkCoarse =
    "UPDATE rollup_state SET coarse = 1, generation = generation + 1, "
    "marked_at = max(marked_at, ?1)";
constexpr std::string_view kState = "SELECT stale, coarse, summed FROM rollup_state";
// A day that is being written to has no sums, so that this costs its writer nothing.
constexpr std::string_view kForgetSums = "UPDATE rollup_state SET summed = 0";

std::string_view state_of(std::int64_t version) {
  if (version >= kHasSums) return kState;
  return version >= kHasCoarse ? "SELECT stale, coarse, 0 FROM rollup_state"
                               : "SELECT stale, 0, 0 FROM rollup_state";
}

// Of a statement that stands on the state.
Grain read_grain(const Statement& state) {
  if (state.integer(0) != 0) return Grain::none;
  return state.integer(1) == 0 ? Grain::minutes : Grain::hours;
}

}  // namespace

RollupWriter::RollupWriter(Connection& connection)
    : state_(connection.prepare_owned(kState)),
      add_(connection.prepare_owned(
          "INSERT INTO rollups (minute, tenant, service, level, event_type, event_name, n) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET n = n + excluded.n")),
      mark_stale_(connection.prepare_owned(kMarkStale)),
      mark_coarse_(connection.prepare_owned(kMarkCoarse)),
      forget_sums_(connection.prepare_owned(kForgetSums)) {}

Grain RollupWriter::grain() {
  Grain grain = Grain::none;
  summed_ = false;
  if (state_.step()) {
    grain = read_grain(state_);
    summed_ = state_.integer(2) != kNotSummed;
  }
  state_.reset();
  return grain;
}

void RollupWriter::add(const MinuteGroups& groups, Grain of_day, Timestamp now) {
  if (groups.too_many()) return mark_stale(now);
  if (groups.counts().empty()) return;
  set(groups.counts());
  if (summed_) forget_sums_.run();
  if (of_day == Grain::hours || groups.grain() == Grain::hours) mark_coarse(now);
}

void RollupWriter::set(std::span<const MinuteCount> counts) {
  for (const MinuteCount& count : counts) {
    bind_count(add_, count);
    add_.run();
  }
}

void bind_count(Statement& insert, const MinuteCount& count) {
  insert.bind(1, count.minute);
  insert.bind(2, count.tenant);
  insert.bind(3, count.service);
  insert.bind(4, count.level);
  insert.bind(5, count.event_type);
  insert.bind(6, count.event_name);
  insert.bind(7, count.rows);
}

void RollupWriter::mark_stale(Timestamp now) {
  mark_stale_.bind(1, to_micros(now));
  mark_stale_.run();
}

void RollupWriter::mark_coarse(Timestamp now) {
  mark_coarse_.bind(1, to_micros(now));
  mark_coarse_.run();
}

Kept kept_counts(Connection& connection) {
  const std::int64_t version = connection.scalar("PRAGMA user_version");
  if (version < kHasRollups) return {};
  Statement state = connection.prepare(state_of(version));
  if (!state.step()) return {};
  return {read_grain(state), state.integer(2) == kSummed};
}

void mark_stale(Connection& connection, Timestamp now) {
  Statement mark = connection.prepare(kMarkStale);
  mark.bind(1, to_micros(now));
  mark.run();
}

}  // namespace logctl::storage::sqlite
