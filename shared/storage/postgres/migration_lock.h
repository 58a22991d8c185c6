// The migration lock of a PostgreSQL store: an advisory lock on a connection of its own, which also
// runs the steps. Losing the connection loses the lock, and what is not committed with it.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/postgres/timescale.h"
#include "shared/storage/schema.h"

#include <memory>
#include <optional>
#include <string>

namespace logctl::storage::postgres {

// Who holds the lock now, read through a connection that need not be the holder's.
std::optional<LockHolder> holder_of_lock(Connection& connection);

// Waits up to `wait` for the lock; throws as SchemaStore::lock does. The ledger is that of `schema`
// (ledger.h); the lock is the same for every part of a store. `partitioning`: of a store that is
// made under it.
std::unique_ptr<SchemaStore::Lock> take_migration_lock(const std::string& conninfo,
                                                       const std::string& schema,
                                                       microseconds wait,
                                                       Partitioning partitioning);

}  // namespace logctl::storage::postgres
