// Token -> principal, answered from memory.
//
// Holds a snapshot of all keys, replaced when the key store's version changes; `refresh` is called
// a few times a second by the housekeeper, so that a revoked key stops working within a second. A
// key that the snapshot does not know but whose check sum is right may have been created a moment
// ago: the caller refreshes on a worker and asks again. While the store is away the last snapshot
// stays in force.
#pragma once

#include "shared/auth/scope.h"
#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/config/config.h"
#include "shared/query/query.h"
#include "shared/storage/store.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::auth {

// So much a second, and so much at once after a rest; a rate of 0: no limit.
struct Allowance {
  double rate = 0;
  std::uint64_t burst = 0;
};

struct Principal {
  std::string key_id;  // static keys: `static-1`, ...
  std::string name;
  std::string tenant;
  Scopes scopes;
  std::vector<query::Filter> only;  // what it may read of its tenant: all of these must hold
  double rps = 0;
  std::uint32_t burst = 0;
  Allowance records;  // taken in
  Allowance bytes;    // of request bodies, as sent
  std::optional<Timestamp> expires_at;

  // What it may see; every question to the store on its behalf is bound to this.
  query::View view() const { return {tenant, only}; }
};

// The keys of the store, by state. A key that ends within the notice is `ending`, not `active`.
struct Census {
  std::uint64_t active = 0;
  std::uint64_t ending = 0;
  std::uint64_t expired = 0;
  std::uint64_t revoked = 0;
  std::optional<Timestamp> next_end;  // of those that still work
};

// The burst of a rate that was given without one: twice the rate, at least 1.
std::uint64_t burst_for(double rate);

enum class Verdict {
  ok,
  missing,  // no token was sent
  unknown,  // no such key, wrong secret, or revoked
  expired,
  not_in_snapshot,  // well-formed but not known here: refresh and ask once more
};

struct Answer {
  Verdict verdict = Verdict::missing;
  std::shared_ptr<const Principal> principal;  // when ok
};

class Authenticator {
 public:
  // `store` and `clock` must outlive it. Does not touch the store: call refresh() first.
  Authenticator(storage::KeyStore& store, const config::Config& config, const Clock& clock);
  ~Authenticator();
  Authenticator(const Authenticator&) = delete;

  // Thread-safe, never blocks on the store; counts the use of the key.
  Answer check(std::string_view token);

  // Reloads the keys when their version changed. Blocks; thread-safe. Throws what the store throws.
  void refresh();
  // Writes the counted uses to the store. Blocks. Throws what the store throws; the counts are then
  // kept for the next call.
  void flush_use();
  Census census(Timestamp now, microseconds notice) const;
  // Takes static keys and default limits from a reloaded configuration.
  void configure(const config::Config& config);

 private:
  struct Usage;
  struct Entry;
  struct Snapshot;
  std::shared_ptr<const Snapshot> snapshot() const;
  Answer admit(const Entry& entry) const;
  void rebuild() REQUIRES_LOCK(mutex_);

  storage::KeyStore& store_;
  const Clock& clock_;
  Mutex refresh_mutex_;                   // one refresh at a time; taken before mutex_
  std::atomic<std::uint64_t> begun_ = 0;  // refreshes, by number
  std::uint64_t finished_ GUARDED_BY(refresh_mutex_) = 0;  // the last one that succeeded
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ GUARDED_BY(mutex_);
  std::vector<storage::KeyRow> rows_ GUARDED_BY(mutex_);
  std::string version_ GUARDED_BY(mutex_);
  bool loaded_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> static_hashes_ GUARDED_BY(mutex_);
  double default_rps_ GUARDED_BY(mutex_) = 0;
  std::uint32_t default_burst_ GUARDED_BY(mutex_) = 0;
};

}  // namespace logctl::auth
