// The newest records that were taken, by identity: a repeat is recognised before anything is
// written. Bounded memory; the store has the last word on what is no longer known here.
//
// Not thread-safe.
#pragma once

#include "shared/base/hash.h"
#include "shared/record/record.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace logctl::ingest {

class RecentIds {
 public:
  // Remembers at least the newest `size` identities, at most twice as many, in 64 bytes each.
  explicit RecentIds(std::size_t size);

  // True when the record is new, and remembered from now on; always for an id that was assigned
  // here.
  bool insert(const LogRecord& record);
  bool contains(const LogRecord& record) const;
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
    void clear();

   private:
    struct Free {
      void operator()(Fingerprint* memory) const;
    };
    std::size_t places_;
    std::unique_ptr<Fingerprint[], Free> memory_;
  };
  Fingerprint identity(const LogRecord& record) const;

  const std::size_t size_;
  const std::uint64_t seed_;
  Table newer_;
  Table older_;
  std::size_t count_ = 0;  // in newer_
  mutable std::string scratch_;
};

}  // namespace logctl::ingest
