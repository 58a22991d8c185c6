// API keys in meta.sqlite. Every method is one transaction; a mutex lends the one connection.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/store.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteKeyStore final : public KeyStore {
 public:
  SqliteKeyStore(const Directory& directory, Access access);

  void insert(const KeyRow& key) override;
  std::vector<KeyRow> list() override;
  bool revoke(std::string_view id, Timestamp when) override;
  bool retire(std::string_view id, Timestamp ends, std::string_view replaced_by) override;
  bool set_limits(std::string_view id, const KeyLimits& limits) override;
  std::size_t remove(std::span<const std::string> ids) override;
  void record_use(std::span<const KeyUse> uses) override;
  std::string version() override;

 private:
  // Runs an update of one key and commits it; false when there is no such key.
  bool change(Statement& statement, Transaction& transaction) REQUIRES_LOCK(mutex_);

  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
