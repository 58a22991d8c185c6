// Timestamps that came as numbers: seconds, milliseconds, microseconds or nanoseconds since 1970,
// told apart by their size.
#pragma once

#include "shared/base/clock.h"

#include <optional>
#include <string_view>

namespace logctl::ingest {

// `number` follows the grammar of JSON. Microseconds are exact, finer digits are dropped. Nothing
// for what no unit explains.
std::optional<Timestamp> parse_epoch(std::string_view number);

// True within the years 1 to 9999, which RFC 3339 can write.
bool is_writable_time(Timestamp t);

}  // namespace logctl::ingest
