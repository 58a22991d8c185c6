// The migration lock of a SQLite store: a file lock on migrate.lock, which says who holds it. It
// spans the transactions of several steps and ends with its process, however that ends.
#pragma once

#include "shared/storage/process_lock.h"
#include "shared/storage/schema.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

#include <optional>

namespace logctl::storage::sqlite {

class MigrationLock final : public SchemaStore::Lock {
 public:
  // What else tells the version of a file: day files hold it where readers find it at once.
  enum class Version { ledger_only, user_version };

  // Waits up to `wait`; `connection` is to the file whose schema is to change.
  MigrationLock(const Directory& directory, microseconds wait, Connection connection,
                Version version);

  void apply(std::string_view sql, const LedgerRow& row) override;
  void revert(std::string_view sql, std::int64_t version, std::string_view name) override;
  void execute(std::string_view statement) override;
  void begin(const JournalRow& row) override;
  void end(std::int64_t version, const std::optional<LedgerRow>& row) override;
  void record(std::span<const LedgerRow> rows) override;

 private:
  void set_version(std::int64_t version);

  ProcessLock lock_;
  Connection connection_;
  const Version version_;
};

}  // namespace logctl::storage::sqlite
