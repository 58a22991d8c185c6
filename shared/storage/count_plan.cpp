#include "shared/storage/count_plan.h"

#include <algorithm>
#include <span>
#include <utility>

namespace logctl::storage {
namespace {

// One kind of counts, of so much time each.
struct Level {
  microseconds unit;
  query::Source source;
};

class Plan {
 public:
  explicit Plan(const query::Query& query) : query_(query) {}

  // By the first of the levels as far as it goes, and by the others what lies beside.
  void cover(Timestamp since, Timestamp until, std::span<const Level> levels, std::int64_t sign) {
    if (since >= until) return;
    if (levels.empty()) return add(since, until, query::Source::rows, sign);
    const auto [unit, source] = levels.front();
    const auto finer = levels.subspan(1);
    const Timestamp before = floor(since, unit);
    const Timestamp after = floor(until, unit);
    // To the nearer end of the unit; in the middle, so that nothing is subtracted.
    const Timestamp from = (since - before) * 2 < unit ? before : before + unit;
    const Timestamp to = (until - after) * 2 > unit ? after + unit : after;
    const microseconds beside = std::chrono::abs(from - since) + std::chrono::abs(until - to);
    if (from >= to || beside >= until - since) return cover(since, until, finer, sign);
    cover(since, from, finer, sign);
    cover(from, since, finer, -sign);
    add(from, to, source, sign);
    cover(to, until, finer, sign);
    cover(until, to, finer, -sign);
  }

  std::vector<CountPiece> take() { return std::move(pieces_); }

 private:
  static Timestamp floor(Timestamp time, microseconds unit) {
    return from_micros(bucket_of(to_micros(time), unit));
  }
  void add(Timestamp since, Timestamp until, query::Source source, std::int64_t sign) {
    CountPiece& piece = pieces_.emplace_back(CountPiece{query_, source, sign});
    piece.query.since = since;
    piece.query.until = until;
  }

  const query::Query& query_;
  std::vector<CountPiece> pieces_;
};

}  // namespace

std::vector<CountPiece> count_pieces(const query::Query& query, std::chrono::sys_days first,
                                     std::chrono::sys_days last, const Kept& kept) {
  const Timestamp start(first);
  const Timestamp end(last + std::chrono::days(1));
  std::vector<Level> levels;
  if (kept.sums) levels.push_back({std::chrono::days(1), query::Source::sums});
  if (kept.grain != Grain::none) {
    levels.push_back({length_of(kept.grain), query::Source::rollups});
  }
  Plan plan(query);
  plan.cover(query.since ? std::max(*query.since, start) : start,
             query.until ? std::min(*query.until, end) : end, levels, 1);
  return plan.take();
}

std::int64_t bucket_of(std::int64_t time, microseconds step) {
  const std::int64_t rest = time % step.count();
  return time - (rest < 0 ? rest + step.count() : rest);
}

std::optional<std::int64_t> only_bucket(const query::Query& query, microseconds step) {
  if (!query.since || !query.until) return std::nullopt;
  const std::int64_t first = bucket_of(to_micros(*query.since), step);
  const std::int64_t last = bucket_of(to_micros(*query.until) - 1, step);
  return first == last ? std::optional(first) : std::nullopt;
}

}  // namespace logctl::storage
