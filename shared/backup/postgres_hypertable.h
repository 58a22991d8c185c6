// Backups of a store whose `logs` is a hypertable of TimescaleDB.
//
// pg_dump is asked for the other tables and for `logs` without its chunks, and knows it as a plain
// table. Every day, also the open one, is exported as the closed days of partitions are. So nothing
// of TimescaleDB's own catalogue is in a backup: restoring makes the hypertable and its chunks
// anew.
#pragma once

#include "shared/backup/manifest.h"
#include "shared/storage/postgres/connection.h"

#include <cstdint>
#include <map>
#include <string>

namespace logctl::backup {

// Gives every chunk the name of its day. Throws Error{conflict} when one has none.
void require_named_chunks(storage::postgres::Connection& connection);

// Makes the restored table `logs`, which has its key and no rows, a hypertable with a chunk for
// each day of the manifest. Throws Error{config} when the server has no TimescaleDB.
void make_empty_hypertable(storage::postgres::Connection& connection, const Manifest& manifest);

// What of the chunks is compressed, in bytes by the name of the chunk. Empty without the extension.
std::map<std::string, std::uint64_t> compressed_bytes(storage::postgres::Connection& connection);

}  // namespace logctl::backup
