// The ledger of imports in memory.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/store.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace logctl::test {

// Thread-safe. Keeps every version that was saved.
class FakeImports final : public storage::ImportStore {
 public:
  std::vector<storage::Import> find(std::string_view tenant, std::string_view file) override {
    const Lock lock(mutex_);
    std::vector<storage::Import> found;
    for (auto import = saved_.rbegin(); import != saved_.rend(); ++import) {
      const auto same = [&import](const storage::Import& other) { return other.id == import->id; };
      if (import->tenant == tenant && import->file.name == file &&
          std::none_of(found.begin(), found.end(), same)) {
        found.push_back(*import);
      }
    }
    return found;
  }
  void save(const storage::Import& import) override {
    const Lock lock(mutex_);
    saved_.push_back(import);
  }

  std::vector<storage::Import> saved() const {
    const Lock lock(mutex_);
    return saved_;
  }
  // Forgets all but the first `versions` that were saved, as if the run had been killed then.
  void cut_to(std::size_t versions) {
    const Lock lock(mutex_);
    saved_.resize(versions);
  }

 private:
  mutable Mutex mutex_;
  std::vector<storage::Import> saved_ GUARDED_BY(mutex_);
};

}  // namespace logctl::test
