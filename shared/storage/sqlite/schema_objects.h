// What the schema of one SQLite file consists of, read from its catalogue.
#pragma once

#include "shared/storage/schema.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

// Sorted; without the ledger, the journal and what SQLite makes by itself.
std::vector<SchemaObject> read_objects(Connection& connection);
// The objects that the texts make, in a database in memory.
std::vector<SchemaObject> objects_made_by(std::span<const std::string_view> texts);

// Rows of a table, counted up to `most`; nothing when there is no such table.
std::optional<std::uint64_t> count_rows(Connection& connection, std::string_view table,
                                        std::uint64_t most);

}  // namespace logctl::storage::sqlite
