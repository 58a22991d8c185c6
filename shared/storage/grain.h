// How finely the roll-ups of a day tell of it.
//
// A row of the roll-ups counts records of one minute or of one hour; either lies in one hour, so
// sums over whole hours are right however the two are mixed. A day becomes coarse when counting
// each minute apart would make roll-ups that are hardly smaller than the records. Beside its
// roll-ups a day may have their sums, which answer what is asked of the whole day.
#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace logctl::storage {

enum class Grain : std::uint8_t {
  none,     // not at all: the rows have to be counted
  hours,    // sums of whole hours are right
  minutes,  // each minute is
};

constexpr microseconds length_of(Grain grain) {
  return grain == Grain::hours ? microseconds(std::chrono::hours(1))
                               : microseconds(std::chrono::minutes(1));
}

// What is kept of a day beside its rows.
struct Kept {
  Grain grain = Grain::none;
  bool sums = false;  // they are those of the roll-ups; without a grain they tell nothing
};

// What of it is for a question with steps: roll-ups unless they are too coarse, and sums when no
// step parts a day. Steps begin with 1970, so those of whole days begin with days.
constexpr Kept usable(Kept kept, const std::optional<microseconds>& step) {
  if (kept.grain == Grain::hours && step && *step < length_of(kept.grain)) return {};
  const bool whole_days = !step || *step % std::chrono::days(1) == microseconds(0);
  return {kept.grain, kept.sums && kept.grain != Grain::none && whole_days};
}

// Whether so many groups are worth keeping beside so many rows.
constexpr bool worth_keeping(std::int64_t groups, std::int64_t rows) {
  constexpr std::int64_t kAlways = 1000;
  constexpr std::int64_t kRowsPerGroup = 4;
  return groups <= kAlways || groups * kRowsPerGroup <= rows;
}

}  // namespace logctl::storage
