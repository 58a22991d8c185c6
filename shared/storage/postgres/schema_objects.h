// What the schema of a PostgreSQL store consists of, read from the server's catalogue.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/schema.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

// Of `schema`; empty means the one that the connection works in. Sorted; without the ledger, the
// journal and partitions.
std::vector<SchemaObject> read_objects(Connection& connection, const std::string& schema);

// The objects that the texts make within a transaction that is rolled back: in a schema of their
// own, or, when they make `schema`, in place of that. The role needs CREATE on the database;
// Error{storage} says so otherwise.
std::vector<SchemaObject> objects_made_by(Connection& connection,
                                          std::span<const std::string_view> texts,
                                          const std::string& schema);

}  // namespace logctl::storage::postgres
