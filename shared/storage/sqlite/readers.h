// Read-only connections to day files, kept open between queries.
//
// Any thread may call. A connection is lent to one thread at a time and comes back when its Lease
// ends; leases must not outlive the Readers.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>

namespace logctl::storage::sqlite {

using Deadline = std::chrono::steady_clock::time_point;

class Readers {
  struct Entry {
    Day day;
    FileIdentity identity;
    Connection connection;
  };

 public:
  Readers(const Directory& directory, std::size_t max_idle)
      : directory_(directory), max_idle_(max_idle) {}

  class Lease {
   public:
    Lease(Readers& readers, std::list<Entry> entry)
        : readers_(&readers), entry_(std::move(entry)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    Connection& operator*() { return entry_.front().connection; }
    Connection* operator->() { return &entry_.front().connection; }

   private:
    Readers* readers_;
    std::list<Entry> entry_;  // one, or none once moved from
  };

  // Nothing when the day has no file or nothing was ever stored in it. Queries on the connection
  // fail with Error{timeout} after `deadline`.
  std::optional<Lease> open(Day day, Deadline deadline);

  // Lets go of files that were removed, whose space is free only then.
  void close_removed();

 private:
  std::list<Entry> take(Day day, const FileIdentity& identity);
  void give_back(std::list<Entry> entry) noexcept;

  const Directory& directory_;
  const std::size_t max_idle_;
  Mutex mutex_;
  std::list<Entry> idle_ GUARDED_BY(mutex_);  // the one used last comes first
};

}  // namespace logctl::storage::sqlite
