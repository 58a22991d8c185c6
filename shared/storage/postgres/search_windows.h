// The time of a search in two parts: the day where its page begins, and the rest.
//
// Planning a question takes longer the more partitions it can touch, and most pages are full after
// the first day. Pure.
#pragma once

#include "shared/query/query.h"

#include <vector>

namespace logctl::storage::postgres {

// One or two questions that together ask the same, in the asked order of time.
std::vector<query::Query> search_windows(const query::Query& query, Timestamp now);

}  // namespace logctl::storage::postgres
