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
  void record_use(std::span<const KeyUse> uses) override;
  std::string version() override;

 private:
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
