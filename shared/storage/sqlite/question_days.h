// Which day files a question has to look into.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/sqlite/day_list.h"

#include <vector>

namespace logctl::storage::sqlite {

// The days that have a file and can hold rows for the query, in the asked order.
std::vector<Day> question_days(DayList& list, const query::Query& query);

}  // namespace logctl::storage::sqlite
