#include "shared/ingest/day_split.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

namespace logctl::ingest {
namespace {

std::chrono::sys_days day_of(const LogRecord& record) {
  return std::chrono::floor<std::chrono::days>(record.timestamp);
}

}  // namespace

bool on_few_days(const std::vector<LogRecord>& records) {
  if (records.size() <= kMostDaysPerFrame) return true;
  // The usual request: everything within some hours.
  const auto [first, last] = std::ranges::minmax_element(records, {}, &LogRecord::timestamp);
  if (day_of(*last) - day_of(*first) < std::chrono::days(kMostDaysPerFrame)) return true;
  std::set<std::chrono::sys_days> days;
  for (const LogRecord& record : records) {
    days.insert(day_of(record));
    if (days.size() > kMostDaysPerFrame) return false;
  }
  return true;
}

std::vector<Batch> split_by_days(const Batch& batch) {
  // Neighbouring days stay together, so that the same partitions are not visited by every part.
  std::map<std::chrono::sys_days, std::size_t> part_of;
  for (const LogRecord& record : batch.records) part_of.emplace(day_of(record), 0);
  std::size_t number = 0;
  for (auto& [day, part] : part_of) part = number++ / kMostDaysPerFrame;

  std::vector<Batch> parts((number + kMostDaysPerFrame - 1) / kMostDaysPerFrame);
  for (const LogRecord& record : batch.records) {
    parts[part_of[day_of(record)]].records.push_back(record);
  }
  std::uint32_t others = batch.received;
  for (Batch& part : parts) {
    part.tenant = batch.tenant;
    part.received = static_cast<std::uint32_t>(part.records.size());
    others -= part.received;
  }
  if (parts.empty()) return parts;
  parts.front().received += others;
  parts.front().duplicates = batch.duplicates;
  parts.front().rejections = batch.rejections;
  return parts;
}

}  // namespace logctl::ingest
