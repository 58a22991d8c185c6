// Cuts a request whose records lie on many days into parts of a few days each.
//
// A part becomes a frame of the spool, and a frame is one transaction: over too many day partitions
// that would need more locks than a PostgreSQL server has. Pure. The parts' records are views into
// the memory of the whole batch, which must outlive them.
#pragma once

#include "shared/record/record.h"

#include <cstddef>
#include <vector>

namespace logctl::ingest {

inline constexpr std::size_t kMostDaysPerFrame = 32;

// Whether the records lie on at most kMostDaysPerFrame UTC days.
bool on_few_days(const std::vector<LogRecord>& records);

// Parts that each keep to that, their records in the order of the request. The first one also takes
// what became of the others (rejections, duplicates): the sums of the parts are those of the batch.
std::vector<Batch> split_by_days(const Batch& batch);

}  // namespace logctl::ingest
