// The plan of PostgreSQL for a question, with its estimates. Any thread may call.
#pragma once

#include "shared/storage/explain.h"
#include "shared/storage/postgres/pool.h"

#include <memory>
#include <utility>

namespace logctl::storage::postgres {

class PostgresExplainer final : public Explainer {
 public:
  explicit PostgresExplainer(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
  Explanation explain(const query::Query& query) override;

 private:
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
