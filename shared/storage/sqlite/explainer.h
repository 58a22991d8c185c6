// The plans of SQLite for a question, day by day. Any thread may call.
#pragma once

#include "shared/storage/explain.h"
#include "shared/storage/sqlite/directory.h"

namespace logctl::storage::sqlite {

class SqliteExplainer final : public Explainer {
 public:
  explicit SqliteExplainer(const Directory& directory) : directory_(directory) {}
  // Days with the same plan are told together, in the order in which they are asked.
  Explanation explain(const query::Query& query) override;

 private:
  const Directory directory_;
};

}  // namespace logctl::storage::sqlite
