// The statements of one connection that nobody uses at the moment, with their plans: for short
// questions, planning is a large part of the work.
//
// One thread at a time, as the connection. A text that is asked for while it is in use is simply
// planned once more. SQLite plans again by itself when the schema has changed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace logctl::storage::sqlite {

class StatementCache {
 public:
  StatementCache();
  ~StatementCache();
  StatementCache(const StatementCache&) = delete;
  StatementCache& operator=(const StatementCache&) = delete;

  // Ready to be bound, and the caller's; null when there is none with this text.
  sqlite3_stmt* take(std::string_view sql);
  // Takes it over, whatever state it is in.
  void keep(sqlite3_stmt* statement) noexcept;

 private:
  std::vector<sqlite3_stmt*> idle_;  // the one used last comes last
};

}  // namespace logctl::storage::sqlite
