// Counts rows by bucket and values while they are read, for a store that would have to sort them.
//
// One thread. Bounded: throws Error{validation_error} on more than kMostGroups groups.
#pragma once

#include "shared/storage/counting.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace logctl::storage {

class GroupTally {
 public:
  // A row: its bucket (0 without), its values in their order, then how many records it stands for.
  void begin(std::int64_t bucket);
  void value(std::string_view text);
  void no_value();
  void add(std::int64_t count);

  // Everything counted so far; what comes next is counted anew.
  void move_to(GroupSums& sums);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const {
      return std::hash<std::string_view>{}(key);
    }
  };
  std::string key_;  // of the row at work: the bucket, then each value with its length in front
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> counts_;
};

}  // namespace logctl::storage
