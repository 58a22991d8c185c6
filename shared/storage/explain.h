// How a store would answer a question: its SQL and its plans. Asking touches no record.
#pragma once

#include "shared/query/query.h"
#include "shared/query/sql.h"

#include <string>
#include <vector>

namespace logctl::storage {

struct Explanation {
  query::Sql sql;
  struct Plan {
    std::string where;               // "all partitions", "3 days, 2026-01-13 to 2026-01-15"
    std::vector<std::string> lines;  // as the store's own program shows them
  };
  std::vector<Plan> plans;
};

class Explainer {
 public:
  virtual ~Explainer() = default;
  // Any thread may call; errors as LogStore::search.
  virtual Explanation explain(const query::Query& query) = 0;
};

}  // namespace logctl::storage
