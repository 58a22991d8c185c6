// Counts the records of one transaction by time and by the fields that roll-ups know.
//
// One thread; refers to the text of the records, which must stay. Memory is bounded: with too many
// groups by minute it goes on by hour; with too many of these nothing is counted any more, and the
// day is marked stale instead.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/grain.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct MinuteCount {
  std::int64_t minute = 0;  // its start, or that of its hour, in microseconds since 1970
  std::string_view tenant;
  std::string_view service;
  std::string_view level;
  std::string_view event_type;
  std::string_view event_name;
  std::int64_t rows = 0;
};

class MinuteGroups {
 public:
  // `expected`: about how many records will be added; decides how many groups are too many. `grain`
  // is minutes or hours: what to begin with.
  explicit MinuteGroups(std::size_t expected, Grain grain = Grain::minutes);

  void add(const LogRecord& record, std::string_view tenant);
  // Counting them would cost a good part of what storing the records costs.
  bool too_many() const { return grain_ == Grain::hours && counts_.size() > most_; }
  Grain grain() const { return grain_; }
  // Of no use once there are too many.
  std::span<const MinuteCount> counts() const { return counts_; }

 private:
  void add(const MinuteCount& group);
  void grow();
  void coarsen();

  const std::size_t expected_;
  Grain grain_;
  std::size_t most_;
  std::vector<MinuteCount> counts_;
  std::vector<std::uint32_t> slots_;  // position in counts_ + 1, by hash
};

}  // namespace logctl::storage
