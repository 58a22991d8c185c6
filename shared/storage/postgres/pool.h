// Connections for queries and small changes, at most so many, shared by all threads.
//
// Thread-safe. Work runs in a Session on one connection. Connections are made when they are needed,
// renewed after their lifetime and dropped when they break; libpqxx's exceptions become Error here.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/storage/postgres/pqxx.h"
#include "shared/storage/store.h"
#include "shared/storage/write_load.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage::postgres {

using Value = std::optional<std::string>;

// One transaction on one connection of the pool.
class Session {
 public:
  explicit Session(pqxx::transaction_base& transaction) : transaction_(transaction) {}
  // Throws libpqxx's exceptions, which end in the pool. Text that holds a NUL, which PostgreSQL has
  // not, is refused with Error{validation_error}.
  pqxx::result run(const std::string& sql, const std::vector<Value>& values = {});

 private:
  pqxx::transaction_base& transaction_;
};

class Pool {
 public:
  struct Settings {
    std::string conninfo;
    std::size_t most = 4;
    microseconds wait{};                   // for a free connection, then Error{overloaded}
    microseconds lifetime{};               // 0: for ever
    microseconds statement_timeout{};      // 0: none
    microseconds retry_for = seconds(10);  // of change_repeatedly
    bool read_only = false;
  };
  using Work = std::function<void(Session&)>;

  explicit Pool(Settings settings);

  // Each statement on its own; repeated once, after a pause, when the connection breaks. `what`
  // begins the messages of errors.
  void read(std::string_view what, const Work& work);
  // As read, but in one read-only transaction, which a cursor needs.
  void snapshot(std::string_view what, const Work& work);
  // One transaction, committed at the end, never repeated.
  void change(std::string_view what, const Work& work);
  // As change, but while the server is away or busy it is repeated for as long as an append is:
  // only for work that leaves the same when it was done before, since a commit whose answer was
  // lost is repeated too.
  void change_repeatedly(std::string_view what, const Work& work);
  // As read, without the repetition on a connection that is new.
  void probe(std::string_view what, const Work& work);
  PoolUse use() const;
  // Of the store that the connections lead to: who writes there says so, who reads looks.
  WriteLoad& write_load() { return write_load_; }

 private:
  struct Pooled {
    std::unique_ptr<pqxx::connection> connection;
    std::chrono::steady_clock::time_point since;
    bool used = false;
  };
  class Lease;

  Lease take();
  template <typename Transaction>
  void attempt(std::string_view what, const Work& work);
  template <typename Transaction>
  void attempt_twice(std::string_view what, const Work& work);
  void give_back(Pooled&& pooled, bool good);
  Pooled connect() const;

  const Settings settings_;
  WriteLoad write_load_;
  mutable Mutex mutex_;
  Condition free_;
  std::vector<Pooled> idle_ GUARDED_BY(mutex_);
  std::size_t taken_ GUARDED_BY(mutex_) = 0;
};

// The exception in flight as an Error: call inside a catch block.
[[noreturn]] void rethrow_as_error(std::string_view what);

}  // namespace logctl::storage::postgres
