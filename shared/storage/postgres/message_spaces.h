// Removed namespaces in PostgreSQL: taking them away, and deleting what is left of them.
//
// A namespace that is deleted or cleared loses its id at once, so nobody sees half of it; its
// messages are deleted afterwards, some in each transaction, so that no row is locked for long.
// What a crash leaves is deleted by the next process that writes. Failures throw ServerError.
#pragma once

#include "shared/storage/postgres/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// A namespace whose row is locked, in a transaction that was begun.
struct FoundNamespace {
  std::string id;
  std::string ns;
  std::int64_t messages = 0;
  std::string transaction;  // its number (pg_current_xact_id)
};
// Begins and waits for the lock. Nothing, and no transaction, when there is no such namespace.
std::optional<FoundNamespace> lock_namespace(Connection& connection, std::string_view id);

// Takes its id away, and commits. With `successor`, an empty one takes its place.
void take_away(Connection& connection, const FoundNamespace& found, bool successor);

// Deletes up to so many rows of what was left; some ten milliseconds for a thousand. False when
// nothing is left, or another process is at it.
bool sweep_messages(Connection& connection, std::int64_t rows);

}  // namespace logctl::storage::postgres
