// Sizes and durations as text: `64MiB`, `10MB`, `512` (bytes); `250ms`, `5s`, `1h30m`, `90d`.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logctl {

// A whole number with an optional unit: B, KB/MB/GB/TB (powers of 1000), KiB/MiB/GiB/TiB or K/M/G/T
// (powers of 1024); case-insensitive, a space before the unit is allowed. Nothing on overflow.
std::optional<std::uint64_t> parse_size(std::string_view text);
// The largest binary unit that divides the value exactly, else the plain number.
std::string format_size(std::uint64_t bytes);
// For people: three significant digits, `1.21 GiB`.
std::string human_size(std::uint64_t bytes);

// One or more number-and-unit pairs: us, ms, s, m, h, d, w. A bare `0` is accepted, other bare
// numbers are not, because nobody can tell what they count.
std::optional<microseconds> parse_duration(std::string_view text);
// The shortest exact form: `1h30m`, `250ms`, `0s`.
std::string format_duration(microseconds value);

}  // namespace logctl
