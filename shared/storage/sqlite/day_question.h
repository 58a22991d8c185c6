// One question put to the file of one day. One thread; the connection is the caller's.
#pragma once

#include "shared/query/query.h"
#include "shared/record/record.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/rows.h"

#include <cstdint>

namespace logctl::storage::sqlite {

// Appends rows in the asked order.
RowsRead read_page(Connection& day, const query::Query& query, Batch& batch);
std::uint64_t count_matches(Connection& day, const query::Query& query);

}  // namespace logctl::storage::sqlite
