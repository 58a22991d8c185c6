// Counts stale day files again.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/minute_groups.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace logctl::storage::sqlite {

// What a day's roll-ups should say, as of one moment.
struct Recount {
  std::int64_t generation = 0;
  bool dense = false;  // too many groups to be worth keeping; `counts` are not complete then
  std::vector<MinuteCount> counts;
  Arena texts;  // that the counts refer to
};

// Nothing unless the day is stale and nothing came to it since `quiet_since`. Reads the whole day
// without holding up its writers.
std::optional<Recount> recount(Connection& reader, Timestamp quiet_since);

// Within the caller's transaction: puts the counts in place. False when rows came to the day in the
// meantime.
bool put(Connection& writer, const Recount& recount);

}  // namespace logctl::storage::sqlite
