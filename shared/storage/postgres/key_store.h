// API keys in PostgreSQL. Thread-safe through the pool.
#pragma once

#include "shared/storage/postgres/pool.h"
#include "shared/storage/store.h"

#include <memory>

namespace logctl::storage::postgres {

class PostgresKeyStore final : public KeyStore {
 public:
  explicit PostgresKeyStore(std::shared_ptr<Pool> pool);

  void insert(const KeyRow& key) override;
  std::vector<KeyRow> list() override;
  bool revoke(std::string_view id, Timestamp when) override;
  bool retire(std::string_view id, Timestamp ends, std::string_view replaced_by) override;
  bool set_limits(std::string_view id, const KeyLimits& limits) override;
  std::size_t remove(std::span<const std::string> ids) override;
  void record_use(std::span<const KeyUse> uses) override;
  std::string version() override;

 private:
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
