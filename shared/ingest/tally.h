// Counts that wait for a transaction of the store to take them into its books.
//
// Thread-safe.
#pragma once

#include "shared/base/mutex.h"
#include "shared/record/record.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::ingest {

// By tenant and name (shared/storage/books.h).
using Sums = std::map<std::pair<std::string, std::string_view>, std::uint64_t>;

// What the batch holds besides records for the store: duplicates and rejections, also as received.
Sums settled_before(const Batch& batch);
void add(Sums& to, const Sums& more);
// The views are into `sums`.
std::vector<storage::Count> counts_of(const Sums& sums);

class Tally {
 public:
  void add(const Sums& sums);
  // Everything, which is then the caller's: to write, or to add again.
  Sums take();
  // Writes everything into the books of `source`. Throws Error when the store fails; nothing is
  // lost.
  void flush(storage::LogStore& store, std::string_view source);

 private:
  Mutex mutex_;
  Sums sums_ GUARDED_BY(mutex_);
};

}  // namespace logctl::ingest
