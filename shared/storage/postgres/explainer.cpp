#include "shared/storage/postgres/explainer.h"

#include "shared/storage/postgres/page_statement.h"

#include <cstdint>
#include <string>
#include <variant>

namespace logctl::storage::postgres {

Explanation PostgresExplainer::explain(const query::Query& query) {
  Explanation result;
  // One row more than asked tells whether another page follows.
  query::Query wider = query;
  if (query.sort == query::Field::timestamp && query.limit < UINT32_MAX) ++wider.limit;
  result.sql = page_statement(wider, 0).sql;
  std::vector<Value> values;
  for (const query::SqlValue& value : result.sql.values) {
    const auto* number = std::get_if<std::int64_t>(&value);
    values.emplace_back(number != nullptr ? std::to_string(*number) : std::get<std::string>(value));
  }
  pool_->snapshot("explain", [&](Session& session) {
    result.plans.assign(1, {"all partitions", {}});
    for (const auto& row : session.run("EXPLAIN (COSTS) " + result.sql.text, values)) {
      result.plans.front().lines.emplace_back(row[0].c_str());
    }
  });
  return result;
}

}  // namespace logctl::storage::postgres
