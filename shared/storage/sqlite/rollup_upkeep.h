// Counts day files again whose roll-ups tell nothing or only of hours, makes roll-ups coarse that
// are hardly smaller than their rows, and adds those up that change no more.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/minute_groups.h"
#include "shared/storage/sqlite/connection.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace logctl::storage::sqlite {

// What a day's roll-ups should say, as of one moment.
struct Recount {
  std::int64_t generation = 0;
  Grain grain = Grain::none;  // what is worth keeping; `counts` are complete unless it is none
  std::vector<MinuteCount> counts;
  Arena texts;  // that the counts refer to
};

// Nothing unless the day is stale or coarse and nothing came to it since `quiet_since`. Reads the
// whole day without holding up its writers.
std::optional<Recount> recount(Connection& reader, Timestamp quiet_since);

// Within the caller's transaction: puts the counts in place. False when rows came to the day in the
// meantime.
bool put(Connection& writer, const Recount& recount);

// Whether the day has roll-ups by minute that are hardly smaller than its rows. Reads all of them.
bool is_dense(Connection& reader);
// Within the caller's transaction: the rows of this hour of a coarse day become rows of the hour.
void merge_hour(Connection& writer, Timestamp hour);

// What a day's roll-ups add up to, as of one moment.
struct DaySums {
  std::int64_t data_version = 0;    // of the connection that read them, before it did
  bool worth_keeping = false;       // `counts` are complete
  std::vector<MinuteCount> counts;  // of the day, which stands for the minute
  Arena texts;                      // that the counts refer to
};

// Nothing when the sums are there, when the roll-ups tell nothing, or in a file of an older
// version. Reads all roll-ups without holding up their writers.
std::optional<DaySums> add_up(Connection& reader, std::chrono::sys_days day);

// Within the caller's transaction: puts the sums in place. False when anything at all was committed
// to the file since `reader`, the connection of add_up, began to read them.
bool put(Connection& writer, Connection& reader, const DaySums& sums);

}  // namespace logctl::storage::sqlite
