// The books: how many records of a tenant came in, and what became of them.
//
// The names of the sums, and what one transaction adds to them. Names and tenants are views: what
// they point to must outlive the Books. Not thread-safe.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/store.h"

#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::storage {

inline constexpr std::string_view kReceived = "received";
inline constexpr std::string_view kStored = "stored";
inline constexpr std::string_view kDuplicate = "duplicate";
inline constexpr std::string_view kRejectedPrefix = "rejected:";
// Of records booked as stored, those that were taken out again: rows = stored - all deleted:*.
// Lost with the bytes of a frame that waited in a spool.
inline constexpr std::string_view kRejectedAsSpoolDamaged = "rejected:spool_damaged";
inline constexpr std::string_view kDeletedPrefix = "deleted:";
inline constexpr std::string_view kDeletedByRetention = "deleted:retention";
inline constexpr std::string_view kDeletedByQuery = "deleted:query";
// The source of these.
inline constexpr std::string_view kDeletions = "deletions";
// `rejected:<reason>`; lives as long as the program.
std::string_view rejected_as(Reason reason);

class Books {
 public:
  // A record, received now, that came to this end. One that failed is in no book.
  void add(std::string_view tenant, Outcome outcome);
  void add(const Count& count);
  // Without zeros; by tenant and name, so that all writers take the rows in one order.
  std::vector<Count> counts() const;

 private:
  using Ends = std::array<std::uint64_t, 4>;  // by Outcome

  std::map<std::string_view, Ends> records_;
  std::pair<const std::string_view, Ends>* last_ = nullptr;  // neighbours share a tenant
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> others_;
};

}  // namespace logctl::storage
