#include "shared/storage/sqlite/day_question.h"

#include "shared/query/sql.h"

namespace logctl::storage::sqlite {

using query::Dialect;

RowsRead read_page(Connection& day, const query::Query& query, Batch& batch) {
  const query::Sql sql = query::select_rows(query, Dialect::sqlite);
  Statement select = day.prepare(sql.text);
  bind_values(select, sql);
  return read_rows(select, batch);
}

std::uint64_t count_matches(Connection& day, const query::Query& query) {
  const query::Sql sql = query::count_rows(query, Dialect::sqlite);
  Statement count = day.prepare(sql.text);
  bind_values(count, sql);
  return count.step() ? static_cast<std::uint64_t>(count.integer(0)) : 0;
}

}  // namespace logctl::storage::sqlite
