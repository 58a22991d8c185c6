#include "shared/storage/minute_groups.h"

#include <algorithm>
#include <functional>

namespace logctl::storage {
namespace {

// So few cost nothing beside the commit.
constexpr std::size_t kAlwaysFine = 32;
// Of the records; a group costs about a third of a record.
constexpr std::size_t kRecordsPerGroup = 8;
constexpr std::int64_t kMinute = 60'000'000;

std::int64_t minute_of(Timestamp time) {
  const std::int64_t micros = to_micros(time);
  const std::int64_t rest = micros % kMinute;
  return micros - (rest < 0 ? rest + kMinute : rest);
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

MinuteGroups::MinuteGroups(std::size_t expected)
    : most_(std::max(kAlwaysFine, expected / kRecordsPerGroup)), slots_(128) {}

void MinuteGroups::add(const LogRecord& record, std::string_view tenant) {
  if (too_many()) return;
  MinuteCount group{minute_of(record.timestamp),
                    tenant,
                    record.service,
                    level_name(record.level),
                    record.event_type,
                    record.event_name,
                    1};
  if (counts_.size() * 2 > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash_of(group) & mask;
  while (slots_[slot] != 0) {
    MinuteCount& known = counts_[slots_[slot] - 1];
    if (same_group(known, group)) {
      ++known.rows;
      return;
    }
    slot = (slot + 1) & mask;
  }
  counts_.push_back(group);
  slots_[slot] = static_cast<std::uint32_t>(counts_.size());
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
