#include "shared/storage/sqlite/question_days.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace logctl::storage::sqlite {

using query::Order;

std::vector<Day> question_days(DayList& list, const query::Query& query) {
  std::optional<Timestamp> first = query.since;
  std::optional<Timestamp> last;  // inclusive
  if (query.until) last = *query.until - microseconds(1);
  if (query.after && query.order == Order::ascending) {
    first = first ? std::max(*first, query.after->timestamp) : query.after->timestamp;
  }
  if (query.after && query.order == Order::descending) {
    last = last ? std::min(*last, query.after->timestamp) : query.after->timestamp;
  }
  std::vector<Day> days = list.days();
  std::erase_if(days, [&](Day day) {
    return (first && day < day_of(*first)) || (last && day > day_of(*last));
  });
  if (query.order == Order::descending) std::reverse(days.begin(), days.end());
  return days;
}

}  // namespace logctl::storage::sqlite
