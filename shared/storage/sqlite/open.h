// The SQLite store: a directory with one file for keys and migrations and one for each day's
// records.
#pragma once

#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/config/target.h"
#include "shared/storage/backend.h"

namespace logctl::storage::sqlite {

// See open_backend. Throws Error{not_found} when a store is opened for reading and there is none.
Backend open_sqlite(const config::Config& config, const config::StoreTarget& target,
                    const Clock& clock, Access access);

}  // namespace logctl::storage::sqlite
