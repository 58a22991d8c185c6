#include "shared/storage/postgres/paced_search.h"

#include "shared/storage/pace.h"
#include "shared/storage/postgres/rows.h"
#include "shared/storage/postgres/search_windows.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace logctl::storage::postgres {
namespace {

using query::Order;
using query::Query;
using SteadyClock = std::chrono::steady_clock;

// A part that takes less is followed by a longer one, and the other way round.
constexpr milliseconds kTooQuick{50};
constexpr milliseconds kTooSlow{200};
constexpr microseconds kShortest = std::chrono::minutes(1);
constexpr microseconds kLongest = std::chrono::days(366);
constexpr microseconds kFirst = std::chrono::days(1);
constexpr microseconds kFirstWhileBusy = std::chrono::hours(1);

class Walk {
 public:
  Walk(Session& session, const WriteLoad& load, Timestamp now, const AskPart& ask)
      : session_(session), pace_(load), now_(now), ask_(ask) {}

  // In one part when nobody is in the way.
  bool whole(const Query& query) {
    if (is_busy()) return in_parts(query);
    return ask_(query);
  }

  bool in_parts(const Query& query) {
    const bool descending = query.order == Order::descending;
    const std::optional<Timestamp> last = descending ? query.since : query.until;
    std::optional<Timestamp> edge = begin_of(query);
    if (!length_) length_ = is_busy() ? kFirstWhileBusy : kFirst;
    bool first = true;
    while (edge) {
      Query part = query;
      if (!first) (descending ? part.until : part.since) = edge;
      const Timestamp next = descending ? *edge - *length_ : *edge + *length_;
      if (is_last(next, last, query.order)) return ask_(part);
      (descending ? part.since : part.until) = next;
      if (ask_at_pace(part)) return true;
      edge = next;
      first = false;
    }
    return first && ask_(query);
  }

 private:
  // Where there are rows at the earliest, in the asked order.
  std::optional<Timestamp> begin_of(const Query& query) {
    if (query.order == Order::descending) {
      Timestamp begin = query.until.value_or(now_);
      if (query.after) begin = std::min(begin, query.after->timestamp + microseconds(1));
      return begin;
    }
    std::optional<Timestamp> begin = query.since;
    if (query.after) begin = std::max(begin, std::optional(query.after->timestamp));
    return begin ? begin : outermost(Order::ascending);
  }

  // Nothing lies beyond: the rest goes without a bound, or up to the one that was asked for.
  bool is_last(Timestamp next, const std::optional<Timestamp>& last, Order order) {
    const std::optional<Timestamp> end = last ? last : outermost(reversed(order));
    return !end || (order == Order::descending ? next <= *end : next >= *end);
  }
  static Order reversed(Order order) {
    return order == Order::descending ? Order::ascending : Order::descending;
  }

  // The time of the first row in this order; nothing when there is none.
  std::optional<Timestamp> outermost(Order order) {
    std::optional<std::optional<Timestamp>>& known = order == Order::ascending ? oldest_ : newest_;
    if (known) return *known;
    known.emplace();
    const pqxx::result found = session_.run(std::string("SELECT (extract(epoch FROM ") +
                                            (order == Order::ascending ? "min" : "max") +
                                            "(timestamp)) * 1000000)::bigint FROM logs");
    if (!found[0][0].is_null()) *known = from_micros(read_integer(found[0][0]));
    return *known;
  }

  bool ask_at_pace(const Query& part) {
    const auto begun = SteadyClock::now();
    if (ask_(part)) return true;
    const auto took = SteadyClock::now() - begun;
    if (took < kTooQuick) length_ = std::min(*length_ * 4, kLongest);
    if (took > kTooSlow) length_ = std::max(*length_ / 2, kShortest);
    pace_.rest();
    is_busy();  // for the parts that come
    return false;
  }

  bool is_busy() {
    const bool busy = pace_.saturated();
    if (busy != busy_) {
      session_.run(busy ? "SET LOCAL max_parallel_workers_per_gather = 0"
                        : "SET LOCAL max_parallel_workers_per_gather TO DEFAULT");
    }
    busy_ = busy;
    return busy;
  }

  Session& session_;
  Pace pace_;
  const Timestamp now_;
  const AskPart& ask_;
  bool busy_ = false;
  std::optional<microseconds> length_;  // of the next part
  std::optional<std::optional<Timestamp>> oldest_;
  std::optional<std::optional<Timestamp>> newest_;
};

}  // namespace

bool search_paced(Session& session, const WriteLoad& load, const Query& query, Timestamp now,
                  const AskPart& ask) {
  if (query.sort != query::Field::timestamp || (query.offset > 0 && !query.after)) {
    give_way(session, load);
    return ask(query);
  }
  Walk walk(session, load, now, ask);
  bool near = true;
  for (const Query& window : search_windows(query, now)) {
    if (near ? walk.whole(window) : walk.in_parts(window)) return true;
    near = false;
  }
  return false;
}

bool search_beyond(Session& session, const WriteLoad& load, const Query& window, Timestamp now,
                   const AskPart& ask) {
  return Walk(session, load, now, ask).in_parts(window);
}

void give_way(Session& session, const WriteLoad& load) {
  if (load.saturated()) session.run("SET LOCAL max_parallel_workers_per_gather = 0");
}

}  // namespace logctl::storage::postgres
