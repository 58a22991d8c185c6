// Keeps a day file's roll-ups beside its rows: within the caller's transaction.
//
// One thread at a time; must not outlive its connection.
#pragma once

#include "shared/storage/minute_groups.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <span>

namespace logctl::storage::sqlite {

// Schema versions of day files.
inline constexpr std::int64_t kHasRollups = 3;
inline constexpr std::int64_t kHasCoarse = 5;
inline constexpr std::int64_t kHasSums = 6;

// rollup_state.summed
inline constexpr std::int64_t kNotSummed = 0;
inline constexpr std::int64_t kSummed = 1;
inline constexpr std::int64_t kNotWorthSumming = 2;

class RollupWriter {
 public:
  explicit RollupWriter(Connection& connection);

  // At the beginning of a transaction: what the roll-ups of the day can take just now. With `none`
  // nothing need be grouped.
  Grain grain();
  // Adds the counts, after which the sums of the day say nothing; it becomes coarse or stale when
  // the counts are too many for what it is. A count of the day that is under way does not see the
  // rows of a day that is one of both.
  void add(const MinuteGroups& groups, Grain of_day, Timestamp now);
  // Adds the counts, however many.
  void set(std::span<const MinuteCount> counts);
  // Rows came to a stale day, or it becomes one.
  void mark_stale(Timestamp now);
  // Rows came to a coarse day, or it becomes one.
  void mark_coarse(Timestamp now);

 private:
  Statement state_;
  Statement add_;
  Statement mark_stale_;
  Statement mark_coarse_;
  Statement forget_sums_;
  bool summed_ = false;  // as grain() found it
};

// What roll-ups and sums can tell; nothing of what a file does not have that an older version made
// and nobody has written since.
Kept kept_counts(Connection& connection);

// Binds the values of a statement that inserts into rollups or rollup_sums, in the order of the
// columns.
void bind_count(Statement& insert, const MinuteCount& count);

// For whoever changes rows past their triggers: within the transaction that does it.
void mark_stale(Connection& connection, Timestamp now);

}  // namespace logctl::storage::sqlite
