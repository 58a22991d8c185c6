// How one process tells the others what it has stored: LISTEN/NOTIFY on one channel of the
// database.
//
// A notice names who stored how many rows of a tenant and the bounds they lie in; the rows stay in
// the table, where who is interested reads them. Sent with the transaction that stores them.
#pragma once

#include "shared/storage/arrivals.h"
#include "shared/storage/postgres/append_transaction.h"
#include "shared/storage/postgres/connection.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

inline constexpr std::string_view kArrivalChannel = "logctl_stored";

// Statements with their semicolons that tell of the rows that were stored, one for each tenant and
// day; empty without any. Text, so that it travels together with COMMIT.
std::string announce(Connection& connection, std::string_view source, std::span<Row* const> rows);

// What a notice says; nothing when it is none of ours.
std::optional<Arrival> parse_notice(std::string_view text);

}  // namespace logctl::storage::postgres
