// Which statement asks for a page of records, so that its answer has a bounded size.
#pragma once

#include "shared/query/query.h"
#include "shared/query/sql.h"

#include <cstddef>

namespace logctl::storage::postgres {

struct PageStatement {
  query::Sql sql;
  // A row of the answer may lack its texts and say so (query::select_light_page).
  bool light = false;
};

// `usual` is the size of a row in bytes, as far as known. Light where that is likely to do.
PageStatement page_statement(const query::Query& query, std::size_t usual);
// The one that always does.
PageStatement bounded_page_statement(const query::Query& query);

}  // namespace logctl::storage::postgres
