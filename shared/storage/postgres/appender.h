// Appending records: order, days, retries, and commits whose outcome is unknown.
//
// Thread-safe; each call works on a writer of its own, a large one on several when they are free:
// the server checks and indexes rows on one core per connection. What could not be stored is
// `failed`, except in a call that moves its source's position: that is one transaction, and it
// throws.
#pragma once

#include "shared/storage/postgres/append_transaction.h"
#include "shared/storage/postgres/partitions.h"
#include "shared/storage/postgres/writers.h"
#include "shared/storage/store.h"

#include <atomic>
#include <chrono>
#include <span>
#include <vector>

namespace logctl::storage::postgres {

class Appender {
 public:
  struct Settings {
    microseconds dedup_window{};
    microseconds retry_for = seconds(10);  // one call gives up after this
  };
  // All must outlive it.
  Appender(Writers& writers, Partitions& partitions, const Clock& clock, Settings settings);

  AppendResult append(std::span<const LogRecord* const> records, const Origin& origin);

 private:
  struct Group;
  struct Attempt;
  using Deadline = std::chrono::steady_clock::time_point;

  std::vector<Writers::Lease> take_writers(std::size_t rows, const Origin& origin,
                                           Deadline deadline);
  static std::vector<Group> make_groups(std::vector<Row*> rows, std::size_t writers,
                                        const Origin& origin);
  void store_groups(std::vector<Writers::Lease>& writers, std::span<Group> groups,
                    Deadline deadline);
  void store_group(Writers::Lease& writer, Group& group, Deadline deadline);
  void attempt(Writers::Lease& writer, const Group& group, Attempt& state);
  static void tell_refusals(const Group& group);
  void store_rounds(AppendTransaction& transaction, std::vector<Row*> rows, Attempt& state);
  // True when the transaction in doubt was committed.
  bool resolve(Writers::Lease& writer, const Origin& origin, const Attempt& state);

  Writers& writers_;
  Partitions& partitions_;
  const Clock& clock_;
  const Settings settings_;
  // Duplicates come in series (a client or a file sent again): after some, the next batches look
  // for duplicates at once instead of failing first.
  std::atomic<int> expect_duplicates_ = 0;
};

}  // namespace logctl::storage::postgres
