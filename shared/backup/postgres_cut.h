// Changes to a whole PostgreSQL store around a restore.
#pragma once

#include "shared/backup/manifest.h"
#include "shared/base/clock.h"
#include "shared/storage/postgres/connection.h"

#include <cstdint>
#include <string>

namespace logctl::backup {

// The name under which set_schema_aside() would keep the schema.
std::string schema_aside(storage::postgres::Connection& connection, const Manifest& manifest);
// Makes the schema unless it is there.
void make_schema(storage::postgres::Connection& connection, const std::string& schema);
// Does the first steps of a restore and takes them back: throws what they throw, and
// Error{conflict} when connections would not work in the schema of the backup.
void rehearse_restore(storage::postgres::Connection& connection, const Manifest& manifest,
                      bool replaces);

// Renames the schema, and so keeps everything in it. Throws Error{conflict} while a logctl is
// connected, or when the schema holds tables that are not logctl's. Returns the new name.
std::string set_schema_aside(storage::postgres::Connection& connection, const Manifest& manifest);

// Removes every record received after `until` and takes it off the books, in one transaction;
// returns how many. Imports that went on later are forgotten, so that their files can be loaded
// again.
std::uint64_t cut_off_postgres(storage::postgres::Connection& connection, Timestamp until);

}  // namespace logctl::backup
