// Opens the PostgreSQL backend.
#pragma once

#include "shared/config/target.h"
#include "shared/storage/backend.h"

namespace logctl::storage::postgres {

// Checks the settings but does not connect. `clock` must outlive the backend. Throws Error{config}.
Backend open_postgres(const config::Config& config, const config::StoreTarget& target,
                      const Clock& clock, Access access);

}  // namespace logctl::storage::postgres
