// Rules of retention and the audit of deletions, in PostgreSQL.
#pragma once

#include "shared/storage/postgres/pool.h"
#include "shared/storage/retention.h"

#include <memory>

namespace logctl::storage::postgres {

class PostgresRetentionStore final : public RetentionStore {
 public:
  explicit PostgresRetentionStore(std::shared_ptr<Pool> pool);

  std::vector<RetentionRule> rules() override;
  void set(const RetentionRule& rule) override;
  bool remove(std::string_view tenant, std::string_view match) override;
  std::vector<Deletion> deletions() override;
  void save(const Deletion& deletion) override;

 private:
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
