// The migration runner's view of a PostgreSQL store, and of the optional part of it that has a
// schema of its own: the functions of message-db. Connects for each question anew.
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

  std::string_view migration_set() const override { return set_; }
  std::vector<LedgerRow> ledger() override;
  std::optional<JournalRow> journal() override;
  std::vector<SchemaObject> objects() override;
  std::vector<SchemaObject> objects_of(std::span<const std::string_view> texts) override;
  std::optional<std::uint64_t> rows_of(std::string_view table, std::uint64_t most) override;
  std::optional<LockHolder> lock_holder() override;
  std::unique_ptr<Lock> lock(microseconds wait) override;
  std::vector<std::string> features() override;
  std::unique_ptr<SchemaStore> feature(const std::string& name) override;

 private:
  PostgresSchemaStore(std::string conninfo, Partitioning partitioning, std::string set,
                      std::string schema);

  const std::string conninfo_;
  const Partitioning partitioning_;
  const std::string set_;
  const std::string schema_;  // empty: the one that connections work in
};

}  // namespace logctl::storage::postgres
