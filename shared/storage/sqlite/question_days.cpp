#include "shared/storage/sqlite/question_days.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace logctl::storage::sqlite {

using query::Order;

namespace {

// A range of at most so many days is looked up day by day: for one, that takes a tenth of the time
// of listing a month.
constexpr std::chrono::days kFew(4);

std::vector<Day> days_between(const Directory& directory, Day first, Day last) {
  std::vector<Day> days;
  for (Day day = first; day <= last; day += std::chrono::days(1)) {
    if (directory.has_day_file(day)) days.push_back(day);
  }
  return days;
}

}  // namespace

std::vector<Day> question_days(const Directory& directory, const query::Query& query) {
  std::optional<Timestamp> first = query.since;
  std::optional<Timestamp> last;  // inclusive
  if (query.until) last = *query.until - microseconds(1);
  if (query.after && query.order == Order::ascending) {
    first = first ? std::max(*first, query.after->timestamp) : query.after->timestamp;
  }
  if (query.after && query.order == Order::descending) {
    last = last ? std::min(*last, query.after->timestamp) : query.after->timestamp;
  }
  std::vector<Day> days;
  if (first && last && day_of(*last) - day_of(*first) < kFew) {
    days = days_between(directory, day_of(*first), day_of(*last));
  } else {
    days = directory.days();
    std::erase_if(days, [&](Day day) {
      return (first && day < day_of(*first)) || (last && day > day_of(*last));
    });
  }
  if (query.order == Order::descending) std::reverse(days.begin(), days.end());
  return days;
}

}  // namespace logctl::storage::sqlite
