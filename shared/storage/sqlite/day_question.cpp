#include "shared/storage/sqlite/day_question.h"

#include "shared/query/sql.h"

namespace logctl::storage::sqlite {

using query::Dialect;

Statement& DayQuestion::prepared(const query::Sql& sql) {
  if (text_ != sql.text) {
    statement_ = connection_.prepare(sql.text);
    text_ = sql.text;
  }
  bind_values(statement_, sql);
  return statement_;
}

RowsRead DayQuestion::page(const query::Query& query, Batch& batch) {
  const query::Sql sql = query::select_rows(query, Dialect::sqlite);
  return read_rows(prepared(sql), batch);
}

std::uint64_t DayQuestion::count(const query::Query& query) {
  const query::Sql sql = query::count_rows(query, Dialect::sqlite);
  Statement& count = prepared(sql);
  const std::uint64_t rows = count.step() ? static_cast<std::uint64_t>(count.integer(0)) : 0;
  count.reset();
  return rows;
}

}  // namespace logctl::storage::sqlite
