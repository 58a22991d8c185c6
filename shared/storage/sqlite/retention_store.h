// Rules of retention and the audit of deletions, in meta.sqlite.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/retention.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

namespace logctl::storage::sqlite {

class SqliteRetentionStore final : public RetentionStore {
 public:
  SqliteRetentionStore(const Directory& directory, Access access);

  std::vector<RetentionRule> rules() override;
  void set(const RetentionRule& rule) override;
  bool remove(std::string_view tenant, std::string_view match) override;
  std::vector<Deletion> deletions() override;
  void save(const Deletion& deletion) override;

 private:
  Mutex mutex_;
  Connection connection_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
