// Query -> SQL text and parameters, for one backend. Pure: no connection, no I/O.
#pragma once

#include "shared/query/query.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace logctl::query {

enum class Dialect { postgres, sqlite };

using SqlValue = std::variant<std::int64_t, std::string>;

struct Sql {
  std::string text;  // placeholders $1.. (PostgreSQL) or ?1.. (SQLite)
  std::vector<SqlValue> values;
};

// The columns of every row that `select_rows` returns, in this order.
std::string_view row_columns();

// Rows in the asked order: filters, time bounds, keyset position, limit and offset applied.
Sql select_rows(const Query& query, Dialect dialect);
// The same on PostgreSQL, as one statement that any plan may answer, parallel ones too, with an
// answer of bounded size: of rows whose messages, properties and device infos together have more
// than `most_bytes`, those that reach it and at least one more when there is one.
Sql select_page(const Query& query, std::size_t most_bytes);
// The same for few rows, in half the time: of one whose message, properties or device info has more
// than `most_text` bytes these are null, and a last column counts how many of them are null in the
// store.
Sql select_light_page(const Query& query, std::size_t most_text);
// The number of rows that match, ignoring limit, offset and cursor.
Sql count_rows(const Query& query, Dialect dialect);
// `SELECT <columns> FROM logs WHERE <the rows that match> <rest>`, ignoring the same. `columns` and
// `rest` (` AND ... GROUP BY ...`) are our own text.
Sql select_columns(std::string_view columns, const Query& query, std::string_view rest,
                   Dialect dialect);

}  // namespace logctl::query
