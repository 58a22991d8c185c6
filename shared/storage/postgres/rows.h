// Rows and values of query results as our types. Times travel as microseconds since 1970, but in
// records, of which there are many, as PostgreSQL has them.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/sql.h"
#include "shared/record/record.h"
#include "shared/storage/postgres/pool.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::postgres {

// Appends rows with the columns of query::row_columns until the batch holds `most` records or
// kMostPageBytes; the text is copied. Returns how many were taken.
std::size_t read_records(const pqxx::result& rows, std::size_t most, Batch& batch);

// Whether a row of query::select_light_page lacks its message, properties or device info.
bool lack_text(const pqxx::result& rows);

std::int64_t read_integer(const pqxx::field& field);
std::optional<Timestamp> read_time(const pqxx::field& field);

// The values of a statement as its parameters.
std::vector<Value> values_of(const query::Sql& sql);

// As a parameter for `$n::timestamptz`, exact for every time that a record can have.
std::string time_text(Timestamp t);
Value time_value(const std::optional<Timestamp>& t);

}  // namespace logctl::storage::postgres
