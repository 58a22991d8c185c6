// Counts over time as bars of text, one line for each step. Pure.
#pragma once

#include "shared/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

struct HistogramSeries {
  std::string name;                   // in the legend
  std::vector<std::uint64_t> counts;  // one for each step
  std::uint64_t total = 0;
  std::string colour;  // of a terminal, as the numbers of an escape sequence; empty: none
};

struct Histogram {
  std::vector<Timestamp> times;  // of the steps
  std::vector<HistogramSeries> series;
  bool named = false;      // the series are values of a field: show a legend
  std::size_t width = 80;  // columns that a line may take
  bool colour = false;     // escape sequences; without, each series has its own sign
};

// The lines, each with its end. The longest bar reaches the width; a step with records has at least
// one sign. The smallest width that still shows a bar is taken where `width` is less.
std::string draw(const Histogram& histogram);

// The colour of a level, or of the n-th other value.
std::string level_colour(const std::string& level, std::size_t n);

}  // namespace logctl::cli
