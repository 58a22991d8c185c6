// A transaction whose connection broke may go on at the server, and hold what the next attempt
// needs.
#pragma once

#include "shared/storage/postgres/connection.h"

#include <string>

namespace logctl::storage::postgres {

// Ends it, unless it has ended: `transaction` is its number (pg_current_xact_id), `backend` the
// server process it ran in. Throws ServerError.
void end_transaction(Connection& connection, const std::string& transaction, int backend);

}  // namespace logctl::storage::postgres
