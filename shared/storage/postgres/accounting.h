// The tables `accounting` and `spool_positions`, for the writing side.
#pragma once

#include "shared/storage/postgres/connection.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// A statement that adds `counts` (in the order of books.h) to the books, with its semicolon; empty
// when there is nothing to add. Text, so that it travels together with COMMIT.
std::string add_to_books(Connection& connection, std::string_view source, int lane,
                         std::span<const Count> counts);

// 0 when there is none.
std::uint64_t read_position(Connection& connection, std::string_view source);

}  // namespace logctl::storage::postgres
