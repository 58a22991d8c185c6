// A key store in memory, which can be taken away.
#pragma once

#include "shared/base/error.h"
#include "shared/base/mutex.h"
#include "shared/storage/store.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::test {

class FakeKeys final : public storage::KeyStore {
 public:
  void insert(const storage::KeyRow& key) override {
    const Lock lock(mutex_);
    for (const storage::KeyRow& row : rows_) {
      if (row.secret_hash == key.secret_hash && !key.secret_hash.empty()) {
        throw Error(ErrorCode::conflict, "key '" + row.id + "' has this hash");
      }
      if (row.id == key.id) throw Error(ErrorCode::conflict, "key '" + key.id + "' exists");
    }
    rows_.push_back(key);
    ++version_;
  }
  std::vector<storage::KeyRow> list() override {
    const Lock lock(mutex_);
    fail();
    ++lists_;
    return rows_;
  }
  bool revoke(std::string_view id, Timestamp when) override {
    const Lock lock(mutex_);
    for (storage::KeyRow& row : rows_) {
      if (row.id != id) continue;
      if (!row.revoked_at) row.revoked_at = when;
      ++version_;
      return true;
    }
    return false;
  }
  bool retire(std::string_view id, Timestamp ends, std::string_view replaced_by) override {
    if (id == no_retire_of_) throw Error(ErrorCode::unavailable, "connect: refused");
    return change(id, [&](storage::KeyRow& row) {
      row.expires_at = std::min(row.expires_at.value_or(ends), ends);
      row.replaced_by = replaced_by;
    });
  }
  bool set_limits(std::string_view id, const storage::KeyLimits& limits) override {
    return change(id,
                  [&](storage::KeyRow& row) { static_cast<storage::KeyLimits&>(row) = limits; });
  }
  std::size_t remove(std::span<const std::string> ids) override {
    const Lock lock(mutex_);
    fail();
    const std::size_t removed = std::erase_if(rows_, [&](const storage::KeyRow& row) {
      return std::find(ids.begin(), ids.end(), row.id) != ids.end();
    });
    if (removed > 0) ++version_;
    return removed;
  }
  void record_use(std::span<const storage::KeyUse> uses) override {
    const Lock lock(mutex_);
    fail();
    for (const storage::KeyUse& use : uses) {
      for (storage::KeyRow& row : rows_) {
        if (row.id != use.id) continue;
        row.use_count += use.count;
        row.last_used_at = std::max(row.last_used_at.value_or(use.last), use.last);
      }
    }
  }
  std::string version() override {
    const Lock lock(mutex_);
    fail();
    return std::to_string(version_);
  }

  // From now on that key cannot be given an end.
  void fail_retire_of(std::string id) { no_retire_of_ = std::move(id); }
  void set_away(bool away) {
    const Lock lock(mutex_);
    away_ = away;
  }
  int lists() const {
    const Lock lock(mutex_);
    return lists_;
  }
  storage::KeyRow row(std::string_view id) const {
    const Lock lock(mutex_);
    for (const storage::KeyRow& row : rows_) {
      if (row.id == id) return row;
    }
    return {};
  }

 private:
  template <typename Change>
  bool change(std::string_view id, Change how) {
    const Lock lock(mutex_);
    fail();
    for (storage::KeyRow& row : rows_) {
      if (row.id != id) continue;
      how(row);
      ++version_;
      return true;
    }
    return false;
  }
  void fail() const {
    if (away_) throw Error(ErrorCode::unavailable, "connect: refused");
  }
  mutable Mutex mutex_;
  std::vector<storage::KeyRow> rows_;
  int version_ = 0;
  int lists_ = 0;
  bool away_ = false;
  std::string no_retire_of_;
};

}  // namespace logctl::test
