// The ledger of imports in meta.sqlite. Every method is one transaction; a mutex lends the one
// connection.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/store.h"

#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteImportStore final : public ImportStore {
 public:
  SqliteImportStore(const Directory& directory, Access access);

  std::vector<Import> find(std::string_view tenant, std::string_view file) override;
  void save(const Import& import) override;

 private:
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
