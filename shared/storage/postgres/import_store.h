// The ledger of imports in PostgreSQL. Thread-safe through the pool.
#pragma once

#include "shared/storage/postgres/pool.h"
#include "shared/storage/store.h"

#include <memory>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

class PostgresImportStore final : public ImportStore {
 public:
  explicit PostgresImportStore(std::shared_ptr<Pool> pool);

  std::vector<Import> find(std::string_view tenant, std::string_view file) override;
  void save(const Import& import) override;

 private:
  const std::shared_ptr<Pool> pool_;
};

}  // namespace logctl::storage::postgres
