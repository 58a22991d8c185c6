// The ids of backups: the second they were begun in, as 20260131T020000Z. Sorted, they are in the
// order in which the backups were made, whatever the clock did in between: `list`, `latest` and
// pruning rely on that. Pure.
#pragma once

#include "shared/base/clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::backup {

std::string id_at(Timestamp time);
// Nothing for a name that is no id.
std::optional<Timestamp> time_of_id(std::string_view id);

// The id of a backup that begins now: above that of the newest there is. A clock that was set back,
// or two backups within a second, make it later than now.
std::string next_id(const std::optional<std::string>& newest, Timestamp now);

}  // namespace logctl::backup
