// The newest records that were taken, by identity: a repeat is recognised before anything is
// written. Bounded in memory and in time; the store has the last word on what is no longer known
// here.
//
// Not thread-safe. `now` must not go back.
#pragma once

#include "shared/base/hash.h"
#include "shared/record/record.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace logctl::ingest {

class RecentIds {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // Remembers at least the newest `size` identities, at most twice as many, in 64 bytes each; none
  // for longer than `window`, and each for half of it unless others take its place.
  RecentIds(std::size_t size, microseconds window);

  // Removes the records that are known and remembers the others; says how many were removed. An id
  // that was assigned here is always new.
  std::size_t drop_known(std::vector<LogRecord>& records, SteadyTime now);
  bool contains(const LogRecord& record, SteadyTime now) const;
  // What was inserted since may not have been kept: forgets everything.
  void clear();

 private:
  // Open addressing; an empty place is all zeros. Pages that were never written take no memory.
  class Table {
   public:
    explicit Table(std::size_t places);
    // Where `wanted` is or would be.
    Fingerprint& place(const Fingerprint& wanted) const;
    bool has(const Fingerprint& wanted) const { return place(wanted) == wanted; }
    // Begins to bring that place into the processor's cache.
    void fetch(const Fingerprint& wanted) const;
    void clear();

   private:
    struct Free {
      void operator()(Fingerprint* memory) const;
    };
    std::size_t places_;
    std::unique_ptr<Fingerprint[], Free> memory_;
  };
  // All of one generation came within half a window.
  struct Generation {
    Table table;
    SteadyTime began{};
    std::size_t count = 0;
  };
  Fingerprint identity(const LogRecord& record) const;
  bool is_over(const Generation& generation, SteadyTime now) const;
  bool has(const Generation& generation, const Fingerprint& wanted, SteadyTime now) const;
  bool insert(const Fingerprint& wanted, SteadyTime now);  // true when it is new
  void turn(SteadyTime now);

  const std::size_t size_;
  const microseconds window_;
  const std::uint64_t seed_;
  Generation newer_;
  Generation older_;
  mutable std::string scratch_;
};

}  // namespace logctl::ingest
