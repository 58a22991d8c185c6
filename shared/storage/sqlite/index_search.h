// What the index files of a day say about a question: in which stretches of time its rows can be.
//
// Files are kept open between questions, within a bound. Any thread may call.
#pragma once

#include "shared/base/mutex.h"
#include "shared/query/query.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/index_file.h"
#include "shared/storage/time_spans.h"

#include <cstddef>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::sqlite {

// More late records than this are not looked at one by one: the day is read as a whole.
inline constexpr std::size_t kMostLateRows = 8192;

class IndexSearch {
 public:
  // `directory` must outlive it.
  IndexSearch(const Directory& directory, std::size_t max_idle)
      : directory_(directory), max_idle_(max_idle) {}

  // Stretches that hold every row of the day for which all filters hold, in the order of time.
  // Nothing when the day has to be read as a whole. `connection` is one to the day's file.
  std::optional<TimeSpans> narrow(Connection& connection, Day day,
                                  std::span<const query::Filter> filters);

  // Whether an index could say anything about them, without a look at any.
  static bool could_narrow(std::span<const query::Filter> filters);

 private:
  struct Entry {
    std::filesystem::path path;
    FileIdentity identity;
    IndexFile file;
  };
  class Question;

  std::list<Entry> take(Day day, std::string_view field);
  void give_back(std::list<Entry> entry);

  const Directory& directory_;
  const std::size_t max_idle_;
  Mutex mutex_;
  std::list<Entry> idle_ GUARDED_BY(mutex_);  // the one used last comes first
};

}  // namespace logctl::storage::sqlite
