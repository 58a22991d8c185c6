// Roll-ups on the writing side: what a transaction that stores records adds to them.
//
// Insert-only, so that writers never wait for each other's counts (docs/decisions).
#pragma once

#include "shared/storage/postgres/append_transaction.h"
#include "shared/storage/postgres/connection.h"

#include <chrono>
#include <span>
#include <string>

namespace logctl::storage::postgres {

// Statements that count the rows that were stored (by their outcome), and mark those days coarse or
// stale whose rows fall into too many groups. `rows` are in the order of time.
std::string add_to_rollups(Connection& connection, std::span<Row* const> rows, Timestamp now);

// A statement for whoever changes rows of `day` past the triggers: in the same transaction.
std::string mark_stale(std::chrono::sys_days day, Timestamp now);

// Statements for the transaction that makes the partition of `day`, before it is attached: its
// roll-ups begin empty and exact.
std::string begin_rollups(std::chrono::sys_days day, std::string_view partition);

// A statement after which rows that are deleted from a partition are subtracted. The chunks of a
// hypertable have a trigger for that from their beginning.
std::string subtract_deletions(std::string_view partition);

// The transaction-long lock of whoever merges, counts again or begins roll-ups.
std::string lock_rollups();

}  // namespace logctl::storage::postgres
