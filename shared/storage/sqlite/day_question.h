// One question put to a day again and again, for one stretch of time after the other.
//
// The statement is prepared once as long as only its values change. One thread; must not outlive
// the connection's loan.
#pragma once

#include "shared/query/query.h"
#include "shared/record/record.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/rows.h"

#include <cstdint>
#include <string>

namespace logctl::storage::sqlite {

class DayQuestion {
 public:
  explicit DayQuestion(Connection& connection) : connection_(connection) {}

  // Appends rows in the asked order.
  RowsRead page(const query::Query& query, Batch& batch);
  std::uint64_t count(const query::Query& query);

 private:
  Statement& prepared(const query::Sql& sql);

  Connection& connection_;
  Statement statement_;
  std::string text_;  // of statement_
};

}  // namespace logctl::storage::sqlite
