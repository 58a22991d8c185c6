// Prints the records that match a question, in the format that was asked for.
//
// Records are fetched and written page by page, so memory stays bounded whatever the number. JSON
// has the shape of the HTTP answers; a table has one header for each page.
#pragma once

#include "cli/output.h"
#include "shared/query/query.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <memory>

namespace logctl::cli {

// Records one after the other. Nothing is written before the first of them, or end().
class RecordPrinter {
 public:
  // `out` must outlive it.
  explicit RecordPrinter(Output& out);
  ~RecordPrinter();
  // What stands before the first record; later calls do nothing.
  void begin();
  void add(const LogRecord& record);
  // A table aligns its columns, so it has to know all of its rows: a long answer becomes one table
  // for each page.
  void between_pages();
  void end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Another order than that of time is answered in one piece and thus limited.
inline constexpr std::uint64_t kMostSortedRecords = 10000;

// What a table says when there was more than it shows.
void note_more(std::uint64_t limit, Output& out);

// At most `limit` records, 0 meaning all; `query.limit` is not used. With another order than that
// of time, `limit` is 1 to kMostSortedRecords. Throws what the store and the output throw.
void print_records(storage::LogStore& store, query::Query query, std::uint64_t limit, Output& out);

}  // namespace logctl::cli
