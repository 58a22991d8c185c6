#include "shared/storage/minute_groups.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace logctl::storage {
namespace {

// What a batch of ordinary traffic falls into at most. Each group costs about a third of a record.
constexpr std::size_t kAlwaysFine = 1000;
// Of more records, there may be a group for so many: hours lose something, being stale loses all.
constexpr std::size_t kRecordsPerMinuteGroup = 8;
constexpr std::size_t kRecordsPerHourGroup = 2;

std::size_t most_of(std::size_t expected, Grain grain) {
  const std::size_t share = grain == Grain::hours ? kRecordsPerHourGroup : kRecordsPerMinuteGroup;
  return std::max(kAlwaysFine, expected / share);
}

std::int64_t start_of(std::int64_t micros, Grain grain) {
  const std::int64_t length = length_of(grain).count();
  const std::int64_t rest = micros % length;
  return micros - (rest < 0 ? rest + length : rest);
}

std::size_t hash_of(const MinuteCount& group) {
  constexpr std::hash<std::string_view> kText;
  std::size_t hash = static_cast<std::size_t>(group.minute);
  for (const std::string_view text :
       {group.tenant, group.service, group.level, group.event_type, group.event_name}) {
    hash = hash * 0x9e3779b97f4a7c15ULL + kText(text);
  }
  return hash ^ (hash >> 29U);
}

bool same_group(const MinuteCount& a, const MinuteCount& b) {
  return a.minute == b.minute && a.event_name == b.event_name && a.service == b.service &&
         a.level == b.level && a.event_type == b.event_type && a.tenant == b.tenant;
}

}  // namespace

MinuteGroups::MinuteGroups(std::size_t expected, Grain grain)
    : expected_(expected), grain_(grain), most_(most_of(expected, grain)), slots_(128) {}

void MinuteGroups::add(const LogRecord& record, std::string_view tenant) {
  if (too_many()) return;
  add(MinuteCount{start_of(to_micros(record.timestamp), grain_), tenant, record.service,
                  level_name(record.level), record.event_type, record.event_name, 1});
  if (grain_ == Grain::minutes && counts_.size() > most_) coarsen();
}

void MinuteGroups::add(const MinuteCount& group) {
  if (counts_.size() * 2 > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(group) & mask;
  while (slots_[slot] != 0) {
    MinuteCount& known = counts_[slots_[slot] - 1];
    if (same_group(known, group)) {
      known.rows += group.rows;
      return;
    }
    slot = (slot + 1) & mask;
  }
  counts_.push_back(group);
  slots_[slot] = static_cast<std::uint32_t>(counts_.size());
}

void MinuteGroups::coarsen() {
  grain_ = Grain::hours;
  most_ = most_of(expected_, grain_);
  const std::vector<MinuteCount> fine = std::move(counts_);
  counts_.clear();
  slots_.assign(slots_.size(), 0);
  for (MinuteCount group : fine) {
    group.minute = start_of(group.minute, grain_);
    add(group);
  }
}

void MinuteGroups::grow() {
  slots_.assign(slots_.size() * 4, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    std::size_t slot = hash_of(counts_[i]) & mask;
    while (slots_[slot] != 0) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace logctl::storage
