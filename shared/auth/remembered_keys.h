// The keys of a store that may be away when the daemon starts: a copy on disk, renewed whenever the
// keys are read, stands in until the store can be reached.
//
// The copy holds hashes, never secrets, and only its owner can read it. A key that was revoked
// while no daemon could hear of it works until the store is back. Thread-safe.
#pragma once

#include "shared/base/error.h"
#include "shared/base/mutex.h"
#include "shared/storage/store.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::auth {

class RememberedKeys final : public storage::KeyStore {
 public:
  // `store` must outlive it. `file`: where the copy lies or will lie; `copy_failed` hears when it
  // could not be written.
  RememberedKeys(storage::KeyStore& store, std::filesystem::path file,
                 std::function<void(const Error&)> copy_failed);

  void insert(const storage::KeyRow& key) override { store_.insert(key); }
  bool revoke(std::string_view id, Timestamp when) override { return store_.revoke(id, when); }
  bool retire(std::string_view id, Timestamp ends, std::string_view replaced_by) override {
    return store_.retire(id, ends, replaced_by);
  }
  bool set_limits(std::string_view id, const storage::KeyLimits& limits) override {
    return store_.set_limits(id, limits);
  }
  std::size_t remove(std::span<const std::string> ids) override { return store_.remove(ids); }
  void record_use(std::span<const storage::KeyUse> uses) override { store_.record_use(uses); }

  // From the copy when the store cannot be reached and never could be by this object.
  std::string version() override;
  std::vector<storage::KeyRow> list() override;

 private:
  bool never_reached() const;

  storage::KeyStore& store_;
  const std::filesystem::path file_;
  const std::function<void(const Error&)> copy_failed_;
  mutable Mutex mutex_;
  bool reached_ GUARDED_BY(mutex_) = false;
};

// The copy as text: a head line, a line of base64url fields for each key, a line with the SHA-256
// of what precedes it.
std::string format_keys(std::span<const storage::KeyRow> keys);
// Throws Error{io} when the text is damaged or of another version.
std::vector<storage::KeyRow> parse_keys(std::string_view text);

}  // namespace logctl::auth
