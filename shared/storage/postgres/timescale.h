// TimescaleDB: the table `logs` as a hypertable, whose chunks bear the names of day partitions.
//
// A chunk is a child of `logs` as a partition is, and is called logs_YYYYMMDD in the schema of the
// store. So whatever works on the partition of a day works on a chunk; what differs is here.
// Functions without a note about transactions want to be called inside one. Errors: ServerError,
// and where it is said.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/pool.h"
#include "shared/storage/store.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

// storage.partitioning
enum class Partitioning { automatic, native, timescale };
Partitioning parse_partitioning(std::string_view text);

// For every session that writes: late records and deletions in compressed days may touch as much
// as they need. Harmless on a server without the extension.
inline constexpr const char* kTouchAnyCompressed =
    "SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0";

// The step of the schema with which it is decided what `logs` is.
inline constexpr std::string_view kHypertableStep = "hypertable";

// Whether `logs` is a hypertable; false as well when there is none. In or outside a transaction.
bool is_hypertable(Connection& connection);

// Makes `logs` a hypertable when it holds no day yet and the server can: never with `native`; with
// `timescale`, Error{config} or Error{conflict} says why not.
void choose_partitioning(Connection& connection, Partitioning wanted);

// Makes the extension unless it is there. Throws Error{config} with what to do.
void require_timescale(Connection& connection);
// Makes the partitioned table `logs`, which has no partitions, a hypertable in place of it.
void make_hypertable(Connection& connection);
// The same for a plain and empty table `logs` with its key; its triggers are left to the caller.
void turn_into_hypertable(Connection& connection);
// Moves all records from the hypertable into day partitions. Takes as long as copying them.
void make_partitioned(Connection& connection);

// The chunk of a day; false when it was there, under whatever name, and now has the right one.
bool make_chunk(Connection& connection, std::chrono::sys_days day);
// Days whose chunk the server made by itself, for a row that came past Partitions.
std::vector<std::chrono::sys_days> stray_chunks(Connection& connection);
// Somebody made a chunk that takes this day and others.
inline constexpr std::string_view kChunkCollision = "TS503";

// Days that end before `before` and are not, or not wholly, compressed; oldest first. Empty when
// `logs` is no hypertable. Any session.
std::vector<std::chrono::sys_days> uncompressed_days(Session& session, Timestamp before);
// Waits for nobody longer than a moment: an Error{locked} otherwise.
void compress_day(Session& session, std::chrono::sys_days day);
// Bytes of a partition on disk, with its indexes and with what of it is compressed. Any session.
std::uint64_t bytes_of_day(Session& session, std::chrono::sys_days day);

// Whether the store is what the option says, and what the extension lacks; nothing when there is
// nothing to say.
std::optional<Symptom> examine_timescale(Session& session, Partitioning wanted);

}  // namespace logctl::storage::postgres
