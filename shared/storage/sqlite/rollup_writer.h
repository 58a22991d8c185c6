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

  // Whether the roll-ups of the day say nothing just now: then nothing need be grouped.
  bool stale();
  // Adds the counts, or marks the day stale when there are too many of them.
  void add(const MinuteGroups& groups, Timestamp now);
  // Adds the counts, however many.
  void set(std::span<const MinuteCount> counts);
  // Rows came to a stale day, or it becomes one: a count that is under way does not see them.
  void mark_stale(Timestamp now);

 private:
  Statement is_stale_;
  Statement add_;
  Statement mark_;
};

// Whether roll-ups can tell; not in a file that an older version made and nobody has written since.
bool is_exact(Connection& connection);

// For whoever changes rows past their triggers: within the transaction that does it.
void mark_stale(Connection& connection, Timestamp now);

}  // namespace logctl::storage::sqlite
