// Which part of a question is answered from what is kept beside the rows, and which from the rows.
// Pure.
#pragma once

#include "shared/query/aggregate_sql.h"
#include "shared/storage/grain.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace logctl::storage {

// A part of a question, bounded in time. Added up with their signs, the parts are the whole.
struct CountPiece {
  query::Query query;
  query::Source source = query::Source::rows;
  std::int64_t sign = 1;  // -1: what was counted too much
};

// For the days from `first` to `last`: whole days from the sums, whole minutes or hours from the
// roll-ups, as these have them (and when they know the filters: the caller's to see), what lies
// beside from the rows. An edge that takes in more than half of a day, hour or minute is answered
// by the whole of it less the rest.
std::vector<CountPiece> count_pieces(const query::Query& query, std::chrono::sys_days first,
                                     std::chrono::sys_days last, const Kept& kept);

// The start of the step that holds this time, both in microseconds since 1970.
std::int64_t bucket_of(std::int64_t time, microseconds step);
// The start of the step that holds all of a bounded question, if one does: then its rows need not
// be told apart by time.
std::optional<std::int64_t> only_bucket(const query::Query& query, microseconds step);

}  // namespace logctl::storage
