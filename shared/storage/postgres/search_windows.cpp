#include "shared/storage/postgres/search_windows.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace logctl::storage::postgres {
namespace {

using query::Order;
using query::Query;

constexpr std::chrono::days kOneDay(1);

}  // namespace

std::vector<Query> search_windows(const Query& query, Timestamp now) {
  if (query.sort != query::Field::timestamp || (query.offset > 0 && !query.after)) return {query};
  const bool descending = query.order == Order::descending;
  // Where the page begins.
  std::optional<Timestamp> begin = descending ? std::optional(now) : query.since;
  if (descending && query.until) begin = std::min(*begin, *query.until - microseconds(1));
  if (query.after) {
    const Timestamp seen = query.after->timestamp;
    if (!begin) begin = seen;
    begin = descending ? std::min(*begin, seen) : std::max(*begin, seen);
  }
  if (!begin) return {query};
  const Timestamp day = std::chrono::floor<std::chrono::days>(*begin);
  Query near = query;
  Query far = query;
  if (descending) {
    if (query.since && *query.since >= day) return {query};
    near.since = day;
    far.until = day;
  } else {
    const Timestamp end = day + kOneDay;
    if (query.until && *query.until <= end) return {query};
    near.until = end;
    far.since = end;
  }
  // Everything near is either behind the position or not: beyond the day, nothing has been seen.
  far.after.reset();
  return {near, far};
}

}  // namespace logctl::storage::postgres
