#include "shared/storage/sqlite/question_days.h"

#include <algorithm>
#include <optional>

namespace logctl::storage::sqlite {

using query::Order;

std::vector<Day> question_days(const Directory& directory, const query::Query& query) {
  std::vector<Day> days = directory.days();
  std::optional<Timestamp> first = query.since;
  std::optional<Timestamp> last;  // inclusive
  if (query.until) last = *query.until - microseconds(1);
  if (query.after && query.order == Order::ascending) {
    first = first ? std::max(*first, query.after->timestamp) : query.after->timestamp;
  }
  if (query.after && query.order == Order::descending) {
    last = last ? std::min(*last, query.after->timestamp) : query.after->timestamp;
  }
  std::erase_if(days, [&](Day day) {
    return (first && day < day_of(*first)) || (last && day > day_of(*last));
  });
  if (query.order == Order::descending) std::reverse(days.begin(), days.end());
  return days;
}

}  // namespace logctl::storage::sqlite
