// A lock that a connection holds until it is closed, with the name of who holds it.
//
// Two numbers name it: what it is for, and the schema, so that two schemas of one database do not
// wait for each other. Throws ServerError.
#pragma once

#include "shared/storage/lock_holder.h"
#include "shared/storage/postgres/connection.h"

#include <optional>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// `purpose` is our own text, such as `logctl migrations`. False when somebody else has it.
[[nodiscard]] bool try_session_lock(Connection& connection, std::string_view purpose);
// What others read of this connection: for a lock's holder, encode(this_process(...)).
void name_connection(Connection& connection, const std::string& name);
// Nothing when nobody has it.
std::optional<LockHolder> session_lock_holder(Connection& connection, std::string_view purpose);

}  // namespace logctl::storage::postgres
