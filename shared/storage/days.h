// The days of records as things: what there is, and the one place where records are taken out.
//
// Threads and errors as storage/store.h. Whatever is deleted is booked in the same transaction
// (books.h: rows = stored - deleted), and its ids are forgotten, so that a deleted record may come
// again. Nothing here has a time limit.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/query.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

using Day = std::chrono::sys_days;
using RowsByTenant = std::map<std::string, std::uint64_t, std::less<>>;

struct DayInfo {
  // closed: maintenance has passed over it since it last changed.
  enum class State { open, closed, changed };
  Day day{};
  State state = State::open;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;  // on disk, with indexes
  std::string_view state_name() const {
    return state == State::open ? "open" : state == State::closed ? "closed" : "changed";
  }
};

class DayStore {
 public:
  virtual ~DayStore() = default;

  // Oldest first.
  virtual std::vector<Day> days() = 0;
  virtual DayInfo describe(Day day, Timestamp now) = 0;
  virtual std::uint64_t bytes(Day day) = 0;
  // Counted. Nothing when the day has gone.
  virtual RowsByTenant rows(Day day) = 0;
  // Rows that match, whatever limit, offset and cursor say.
  virtual std::uint64_t count(const query::Query& query) = 0;
  // The newest moment that the newest day knows of, of a record or of its arrival; nothing in an
  // empty store.
  virtual std::optional<Timestamp> newest() = 0;

  // Deletes up to `most` of the rows that match and come after `position` in the order of the key,
  // in one transaction, and moves `position`. `query` lies within one day. Writers wait for no more
  // than this transaction, and only for rows of that day.
  struct Piece {
    std::uint64_t rows = 0;  // deleted
    bool more = false;       // there may be further rows
  };
  virtual Piece remove(const query::Query& query, std::string_view booked_as, std::size_t most,
                       std::optional<query::Cursor>& position) = 0;

  // Removes the whole day, booked as deleted by the retention. `agree` sees its rows at a moment
  // after which nobody can add one; when it says no, nothing happens and nothing is returned.
  // Throws Error{locked} when somebody uses the day too long, and then nothing has changed.
  using Agree = std::function<bool(const RowsByTenant&)>;
  virtual std::optional<std::uint64_t> drop(Day day, const Agree& agree) = 0;
  // Ends removals that a crash has cut off; how many there were.
  virtual std::size_t finish_drops() = 0;
  // Gives the space of deleted rows of a closed day back to the disk where that is worth it and can
  // be done beside readers and writers; bytes given back.
  virtual std::uint64_t compact(Day /*day*/) { return 0; }

  // Days that end before `before` and are not compressed, or have taken records since; oldest
  // first. Empty where nothing is compressed.
  virtual std::vector<Day> uncompressed(Timestamp /*before*/) { return {}; }
  // Throws Error{locked} when somebody uses the day too long.
  virtual void compress(Day /*day*/) {}

  // Another value whenever the rows of the day have changed.
  virtual std::string stamp(Day day) = 0;
  // What set_mark was last given for the day; begins with its stamp of that time.
  virtual std::string mark(Day day) = 0;
  virtual void set_mark(Day day, const std::string& mark) = 0;
};

inline DayInfo::State state_of(Day day, Timestamp now, std::string_view mark,
                               std::string_view stamp) {
  if (day >= day_of(now)) return DayInfo::State::open;
  return !stamp.empty() && mark.starts_with(stamp) ? DayInfo::State::closed
                                                   : DayInfo::State::changed;
}

}  // namespace logctl::storage
