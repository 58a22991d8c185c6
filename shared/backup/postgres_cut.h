// Changes to a whole PostgreSQL store around a restore.
#pragma once

#include "shared/backup/manifest.h"
#include "shared/base/clock.h"
#include "shared/storage/postgres/connection.h"

#include <cstdint>
#include <string>

namespace logctl::backup {

// Renames the schema, and so keeps everything in it. Throws Error{conflict} while a logctl is
// connected, or when the schema holds tables that are not logctl's. Returns the new name.
std::string set_schema_aside(storage::postgres::Connection& connection, const Manifest& manifest);

// Removes every record received after `until` and takes it off the books, in one transaction;
// returns how many. Imports that went on later are forgotten, so that their files can be loaded
// again.
std::uint64_t cut_off_postgres(storage::postgres::Connection& connection, Timestamp until);

}  // namespace logctl::backup
