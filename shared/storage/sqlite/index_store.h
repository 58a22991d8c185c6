// The index files of closed days, and what was said about them (meta.sqlite).
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/backend.h"
#include "shared/storage/index_store.h"
#include "shared/storage/sqlite/directory.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace logctl::storage::sqlite {

class SqliteIndexStore final : public IndexStore {
 public:
  // `clock` must outlive it.
  SqliteIndexStore(const Directory& directory, const Clock& clock, Access access)
      : directory_(directory), clock_(clock), access_(access) {}

  std::vector<std::chrono::sys_days> days() override { return directory_.days(); }
  std::vector<DayIndex> indexes() override;
  std::vector<IndexChoice> choices() override;
  void choose(const IndexChoice& choice) override;
  std::unique_ptr<Pass> try_pass() override;
  void interrupt() override { stop_ = true; }

 private:
  class FilePass;

  const Directory directory_;
  const Clock& clock_;
  const Access access_;
  std::atomic<bool> stop_ = false;
};

}  // namespace logctl::storage::sqlite
