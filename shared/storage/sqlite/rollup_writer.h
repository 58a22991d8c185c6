// Keeps a day file's roll-ups beside its rows: within the caller's transaction.
//
// One thread at a time; must not outlive its connection.
#pragma once

#include "shared/storage/minute_groups.h"
#include "shared/storage/sqlite/connection.h"

#include <span>

namespace logctl::storage::sqlite {

class RollupWriter {
 public:
  explicit RollupWriter(Connection& connection);

  // What the roll-ups of the day can take just now: with `none` nothing need be grouped.
  Grain grain();
  // Adds the counts; the day becomes coarse or stale when they are too many for what it is. A count
  // of the day that is under way does not see the rows of a day that is one of both.
  void add(const MinuteGroups& groups, Grain of_day, Timestamp now);
  // Adds the counts, however many.
  void set(std::span<const MinuteCount> counts);
  // Rows came to a stale day, or it becomes one.
  void mark_stale(Timestamp now);
  // Rows came to a coarse day, or it becomes one.
  void mark_coarse(Timestamp now);

 private:
  Statement grain_;
  Statement add_;
  Statement mark_stale_;
  Statement mark_coarse_;
};

// What roll-ups can tell; nothing in a file that an older version made and nobody has written
// since.
Grain rollup_grain(Connection& connection);

// For whoever changes rows past their triggers: within the transaction that does it.
void mark_stale(Connection& connection, Timestamp now);

}  // namespace logctl::storage::sqlite
