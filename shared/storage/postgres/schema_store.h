// The migration runner's view of a PostgreSQL store. Connects for each question anew.
#pragma once

#include "shared/storage/postgres/timescale.h"
#include "shared/storage/schema.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

class PostgresSchemaStore final : public SchemaStore {
 public:
  // `conninfo` as made by connection_string(); `partitioning`: of a store that is made.
  PostgresSchemaStore(std::string conninfo, Partitioning partitioning);

  std::string_view migration_set() const override { return "postgres"; }
  std::vector<LedgerRow> ledger() override;
  std::optional<JournalRow> journal() override;
  std::vector<SchemaObject> objects() override;
  std::vector<SchemaObject> objects_of(std::span<const std::string_view> texts) override;
  std::optional<std::uint64_t> rows_of(std::string_view table, std::uint64_t most) override;
  std::optional<LockHolder> lock_holder() override;
  std::unique_ptr<Lock> lock(microseconds wait) override;

 private:
  const std::string conninfo_;
  const Partitioning partitioning_;
};

}  // namespace logctl::storage::postgres
