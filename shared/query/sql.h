// Query -> SQL text and parameters, for one backend. Pure: no connection, no I/O.
#pragma once

#include "shared/query/query.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace logctl::query {

enum class Dialect { postgres, sqlite };

using SqlValue = std::variant<std::int64_t, std::string>;

struct Sql {
  std::string text;  // placeholders $1.. (PostgreSQL) or ?1.. (SQLite)
  std::vector<SqlValue> values;
};

// The columns of every row that `select_rows` returns, in this order. Times are microseconds since
// 1970 as integers in both dialects, so that readers share one decoder.
std::string_view row_columns(Dialect dialect);

// Rows in the asked order: filters, time bounds, keyset position, limit and offset applied.
Sql select_rows(const Query& query, Dialect dialect);
// The number of rows that match, ignoring limit, offset and cursor.
Sql count_rows(const Query& query, Dialect dialect);

}  // namespace logctl::query
