// The migration runner's view of one day's file.
//
// Its version is PRAGMA user_version, which readers find at once; the ledger says with which texts.
// Files made before day files had a ledger have rows without a digest.
#pragma once

#include "shared/storage/backend.h"
#include "shared/storage/schema.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

#include <memory>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class DaySchemaStore final : public SchemaStore {
 public:
  // Throws Error{not_found} when the file was removed.
  DaySchemaStore(const Directory& directory, Day day, Access access);

  std::string_view migration_set() const override { return "sqlite-day"; }
  std::vector<LedgerRow> ledger() override;
  std::optional<JournalRow> journal() override { return std::nullopt; }  // see steps_of()
  std::vector<SchemaObject> objects() override;
  std::vector<SchemaObject> objects_of(std::span<const std::string_view> texts) override;
  std::optional<std::uint64_t> rows_of(std::string_view table, std::uint64_t most) override;
  std::optional<LockHolder> lock_holder() override;
  std::unique_ptr<Lock> lock(microseconds wait) override;

 private:
  const Directory directory_;
  const Day day_;
  const Access access_;
  Connection connection_;
};

}  // namespace logctl::storage::sqlite
