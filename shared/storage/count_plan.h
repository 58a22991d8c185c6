// Which part of a question roll-ups answer, and which the rows. Pure.
#pragma once

#include "shared/query/aggregate_sql.h"
#include "shared/storage/grain.h"

#include <chrono>
#include <vector>

namespace logctl::storage {

// A part of a question, bounded in time, apart from the others; together they are the whole.
struct CountPiece {
  query::Query query;
  query::Source source = query::Source::rows;
};

// For the days from `first` to `last`: whole minutes or hours from the roll-ups, as these have them
// (and when they know the filters: the caller's to see), what lies before and after from the rows.
std::vector<CountPiece> count_pieces(const query::Query& query, std::chrono::sys_days first,
                                     std::chrono::sys_days last, Grain grain);

}  // namespace logctl::storage
