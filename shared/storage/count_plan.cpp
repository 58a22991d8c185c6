#include "shared/storage/count_plan.h"

#include <algorithm>

namespace logctl::storage {

std::vector<CountPiece> count_pieces(const query::Query& query, std::chrono::sys_days first,
                                     std::chrono::sys_days last, Grain grain) {
  std::vector<CountPiece> pieces;
  const auto add = [&](Timestamp since, Timestamp until, query::Source source) {
    if (since >= until) return;
    CountPiece& piece = pieces.emplace_back(CountPiece{query, source});
    piece.query.since = since;
    piece.query.until = until;
  };
  const Timestamp start(first);
  const Timestamp end(last + std::chrono::days(1));
  const Timestamp since = query.since ? std::max(*query.since, start) : start;
  const Timestamp until = query.until ? std::min(*query.until, end) : end;
  const bool hours = grain == Grain::hours;
  const Timestamp from = hours ? Timestamp(std::chrono::ceil<std::chrono::hours>(since))
                               : Timestamp(std::chrono::ceil<std::chrono::minutes>(since));
  const Timestamp to = hours ? Timestamp(std::chrono::floor<std::chrono::hours>(until))
                             : Timestamp(std::chrono::floor<std::chrono::minutes>(until));
  if (grain == Grain::none || from >= to) {
    add(since, until, query::Source::rows);
    return pieces;
  }
  add(since, from, query::Source::rows);
  add(from, to, query::Source::rollups);
  add(to, until, query::Source::rows);
  return pieces;
}

}  // namespace logctl::storage
