// Questions answered over all day files.
//
// By time, the days are asked one after the other until the page is full. By another column, the
// best rows of every day meet in a table in memory that is asked the same question, so that the
// order is defined in one place, in SQL. One question, one thread.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/pace.h"
#include "shared/storage/sqlite/day_list.h"
#include "shared/storage/sqlite/index_search.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/store.h"
#include "shared/storage/time_spans.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class Search {
 public:
  // All must outlive the search. It gets out of the way of what `writers` tells.
  Search(DayList& days, Readers& readers, IndexSearch& indexes, const WriteLoad& writers,
         Deadline deadline)
      : days_(days), readers_(readers), indexes_(indexes), pace_(writers), deadline_(deadline) {}

  Page page(const query::Query& query);
  std::uint64_t count(const query::Query& query);
  std::optional<Page> find(const query::View& view, const RecordKey& key);
  Statistics statistics(const query::View& view, Timestamp now);
  std::uint64_t total_rows();

 private:
  // The days that can hold rows for the query, in the asked order.
  std::vector<Day> days_for(const query::Query& query) const;
  Page page_by_time(query::Query query, const std::vector<Day>& days);
  Page page_by_column(const query::Query& query, const std::vector<Day>& days);
  std::uint64_t count_day(Connection& connection, Day day, const query::Query& query) const;
  // The stretches of the day that have to be read for the question, in the asked order.
  TimeSpans stretches(Connection& connection, Day day, const query::Query& query) const;
  // Rests, while the writers are busy, for time that counts for nothing.
  void rest();
  void count_activity(const query::View& view, Timestamp now, Statistics& result);

  DayList& days_;
  Readers& readers_;
  IndexSearch& indexes_;
  Pace pace_;
  Deadline deadline_;
};

}  // namespace logctl::storage::sqlite
