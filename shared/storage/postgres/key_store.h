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
  void record_use(std::span<const KeyUse> uses) override;
  std::string version() override;

 private:
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
