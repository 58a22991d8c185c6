// Counts the records of one transaction by minute and by the fields that roll-ups know.
//
// One thread; refers to the text of the records, which must stay. Memory is bounded: once there are
// too many groups, nothing is counted any more and the day is marked stale instead.
#pragma once

#include "shared/record/record.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct MinuteCount {
  std::int64_t minute = 0;  // its start, in microseconds since 1970
  std::string_view tenant;
  std::string_view service;
  std::string_view level;
  std::string_view event_type;
  std::string_view event_name;
  std::int64_t rows = 0;
};

class MinuteGroups {
 public:
  // `expected`: about how many records will be added; decides how many groups are too many.
  explicit MinuteGroups(std::size_t expected);

  void add(const LogRecord& record, std::string_view tenant);
  // Counting them would cost a good part of what storing the records costs.
  bool too_many() const { return counts_.size() > most_; }
  // Of no use once there are too many.
  std::span<const MinuteCount> counts() const { return counts_; }

 private:
  void grow();

  std::size_t most_;
  std::vector<MinuteCount> counts_;
  std::vector<std::uint32_t> slots_;  // position in counts_ + 1, by hash
};

}  // namespace logctl::storage
