// Setting an embedded store back to a moment: records received later are removed from every day,
// and the books are corrected, so that they still agree with the rows.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/sqlite/directory.h"

#include <cstdint>

namespace logctl::backup {

// Returns how many were removed. One transaction per day; the store must not be in use. Imports
// that went on after `until` are forgotten, so that their files can be loaded again.
std::uint64_t cut_off_sqlite(const storage::sqlite::Directory& directory, Timestamp until);

}  // namespace logctl::backup
