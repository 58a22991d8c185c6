// Makes the index files of one day in one pass over it, beside whoever writes to the day.
//
// One thread, one process at a time (IndexStore::Pass). The day is written to only to set its mark.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/sqlite/directory.h"

#include <atomic>
#include <cstddef>
#include <span>
#include <string>

namespace logctl::storage::sqlite {

// From so many late records on, the files of a day are made anew.
inline constexpr std::size_t kLateRowsBehind = 1024;

// Makes those of `fields` that are missing, and all files of the day when it has many late records.
// Nothing when the day has gone. Throws Error{unavailable} soon after `stop` was set.
void build_indexes_of(const Directory& directory, const Clock& clock, Day day,
                      std::span<const std::string> fields, const std::atomic<bool>& stop);

}  // namespace logctl::storage::sqlite
