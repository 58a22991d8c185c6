// Timestamps as text: RFC 3339 in and out, days as YYYY-MM-DD. Independent of locale and time zone.
#pragma once

#include "shared/base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl {

// Accepts RFC 3339 (`T`, `t` or a space between date and time, any offset, up to nine fraction
// digits of which six are kept, and a leap second `:60`, read as the next second). Nothing else.
std::optional<Timestamp> parse_rfc3339(std::string_view text);

// `2026-01-15T10:30:00Z`, with a fraction of exactly the digits needed (at most six).
std::string format_rfc3339(Timestamp t);
// Appends the same text to `out`.
void append_rfc3339(std::string& out, Timestamp t);

std::optional<std::chrono::sys_days> parse_day(std::string_view text);
std::string format_day(std::chrono::sys_days day);

}  // namespace logctl
