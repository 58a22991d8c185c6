// Times of records that come into a day after its index files were made: a query looks at these
// times as well, so that index files need not be changed for each record.
//
// Tables index_mark and late_rows of the day's file. The mark is a token that the index files made
// under it carry; files with another token say nothing about this day.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::sqlite {

// The noting side, part of the transaction that stores the records. Belongs to one connection.
class LateRows {
 public:
  explicit LateRows(Connection& connection);
  // After the transaction began: whether the day is marked, and records have to be noted.
  void begin();
  void note(Timestamp time);

 private:
  Statement marked_;
  Statement insert_;
  bool noting_ = false;
  std::optional<Timestamp> last_;  // noted in this transaction
};

struct Marked {
  std::string token;
  std::int64_t last_id = 0;      // of what was noted so far
  std::vector<Timestamp> times;  // of late records, at most as many as were asked for
};
// Nothing when the day is not marked. Reads one row more than `most`.
std::optional<Marked> read_mark(Connection& day, std::size_t most);

// A token that no file has had before.
std::string new_token(const Clock& clock);
// Marks the day unless it is marked, so that everything from now on is noted. Returns its token.
std::string mark(Connection& day, const std::string& token);
// A new token, and what was noted up to `last_id` is forgotten: index files of `token` know it.
void mark_anew(Connection& day, const std::string& token, std::int64_t last_id);
void unmark(Connection& day);

}  // namespace logctl::storage::sqlite
