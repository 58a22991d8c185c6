// The migration runner's view of a PostgreSQL store: the ledger table and an advisory lock.
//
// The lock lives on a connection of its own, which also runs the steps; losing the connection loses
// the lock, and the step with it.
#pragma once

#include "shared/storage/store.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

class PostgresSchemaStore final : public SchemaStore {
 public:
  // `conninfo` as made by connection_string().
  explicit PostgresSchemaStore(std::string conninfo);

  std::string_view migration_set() const override { return "postgres"; }
  std::vector<LedgerRow> ledger() override;
  std::unique_ptr<Lock> lock(microseconds wait) override;

 private:
  const std::string conninfo_;
};

}  // namespace logctl::storage::postgres
