// How finely the roll-ups of a day tell of it.
//
// A row of the roll-ups counts records of one minute or of one hour; either lies in one hour, so
// sums over whole hours are right however the two are mixed. A day becomes coarse when counting
// each minute apart would make roll-ups that are hardly smaller than the records.
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

// What roll-ups of this grain are for a question with steps: nothing when they are too coarse.
constexpr Grain usable(Grain grain, const std::optional<microseconds>& step) {
  return grain == Grain::hours && step && *step < length_of(grain) ? Grain::none : grain;
}

// Whether so many groups are worth keeping beside so many rows.
constexpr bool worth_keeping(std::int64_t groups, std::int64_t rows) {
  constexpr std::int64_t kAlways = 1000;
  constexpr std::int64_t kRowsPerGroup = 4;
  return groups <= kAlways || groups * kRowsPerGroup <= rows;
}

}  // namespace logctl::storage
