// Between a LogRecord and a row of `logs`.
#pragma once

#include "shared/query/sql.h"
#include "shared/record/record.h"
#include "shared/storage/sqlite/connection.h"

#include <cstddef>
#include <string_view>

namespace logctl::storage::sqlite {

// Takes the values of bind_record. A row that is present stays as it is: changes() is 0 then.
extern const std::string_view kInsertRecord;
// The record's text must stay where it is until the statement has run.
void bind_record(Statement& insert, const LogRecord& record);

void bind_values(Statement& statement, const query::Sql& sql);
struct RowsRead {
  std::size_t count = 0;
  bool cut = false;  // there is another row, which the batch has no room for
};
// Appends the rows of `select`, whose columns are query::row_columns, until the batch holds
// kMostPageBytes. Their text is copied into the batch.
RowsRead read_rows(Statement& select, Batch& batch);

}  // namespace logctl::storage::sqlite
