// Counts from PostgreSQL: closed runs of days from their roll-ups where they can tell.
//
// What several statements read belongs to one snapshot.
#pragma once

#include "shared/storage/counting.h"
#include "shared/storage/postgres/pool.h"

#include <memory>
#include <vector>

namespace logctl::storage::postgres {

class PostgresCountStore final : public CountStore {
 public:
  explicit PostgresCountStore(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

  std::vector<query::Group> groups(const query::Grouping& question) override;
  query::Values values(const query::ValuesQuestion& question) override;
  query::Facets facets(const query::FacetsQuestion& question) override;
  query::Stats stats(const query::StatsQuestion& question) override;
  Total total(const query::Query& query, std::uint64_t most) override;

 private:
  const std::shared_ptr<Pool> pool_;
};

// Within a transaction that keeps one snapshot.
std::vector<query::Group> count_groups(Session& session, const query::Grouping& question);
void keep_one_snapshot(Session& session);

}  // namespace logctl::storage::postgres
