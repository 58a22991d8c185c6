#include "shared/storage/sqlite/statement_cache.h"

#include <sqlite3.h>

#include <algorithm>
#include <iterator>

namespace logctl::storage::sqlite {
namespace {

// A question to a day needs up to six. Each holds some 10 KB, or less.
constexpr std::size_t kMost = 8;

}  // namespace

StatementCache::StatementCache() { idle_.reserve(kMost); }

StatementCache::~StatementCache() {
  for (sqlite3_stmt* statement : idle_) sqlite3_finalize(statement);
}

sqlite3_stmt* StatementCache::take(std::string_view sql) {
  const auto found = std::find_if(idle_.rbegin(), idle_.rend(), [&](sqlite3_stmt* statement) {
    return sql == sqlite3_sql(statement);
  });
  if (found == idle_.rend()) return nullptr;
  sqlite3_stmt* statement = *found;
  idle_.erase(std::next(found).base());
  return statement;
}

void StatementCache::keep(sqlite3_stmt* statement) noexcept {
  sqlite3_reset(statement);           // ends its read
  sqlite3_clear_bindings(statement);  // the text they lead to is gone
  if (idle_.size() == kMost) {
    sqlite3_finalize(idle_.front());
    idle_.erase(idle_.begin());
  }
  idle_.push_back(statement);
}

}  // namespace logctl::storage::sqlite
