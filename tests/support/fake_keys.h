// A key store in memory, which can be taken away.
#pragma once

#include "shared/base/error.h"
#include "shared/base/mutex.h"
#include "shared/storage/store.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::test {

class FakeKeys final : public storage::KeyStore {
 public:
  void insert(const storage::KeyRow& key) override {
    const Lock lock(mutex_);
    for (const storage::KeyRow& row : rows_) {
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
  void record_use(std::span<const storage::KeyUse> uses) override {
    const Lock lock(mutex_);
    fail();
    for (const storage::KeyUse& use : uses) {
      for (storage::KeyRow& row : rows_) {
        if (row.id != use.id) continue;
        row.use_count += use.count;
        row.last_used_at = use.last;
      }
    }
  }
  std::string version() override {
    const Lock lock(mutex_);
    fail();
    return std::to_string(version_);
  }

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
  void fail() const {
    if (away_) throw Error(ErrorCode::unavailable, "connect: refused");
  }
  mutable Mutex mutex_;
  std::vector<storage::KeyRow> rows_;
  int version_ = 0;
  int lists_ = 0;
  bool away_ = false;
};

}  // namespace logctl::test
