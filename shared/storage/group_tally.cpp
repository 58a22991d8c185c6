#include "shared/storage/group_tally.h"

#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace logctl::storage {
namespace {

// Longer than any text: there is no value.
constexpr std::uint32_t kNone = UINT32_MAX;

template <typename Number>
void put(std::string& key, Number number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof(number));
}
template <typename Number>
Number take(std::string_view& key) {
  Number number{};
  std::memcpy(&number, key.data(), sizeof(number));
  key.remove_prefix(sizeof(number));
  return number;
}

}  // namespace

void GroupTally::begin(std::int64_t bucket) {
  key_.clear();
  put(key_, bucket);
}

void GroupTally::value(std::string_view text) {
  put(key_, static_cast<std::uint32_t>(text.size()));
  key_ += text;
}

void GroupTally::no_value() { put(key_, kNone); }

void GroupTally::add(std::int64_t count) {
  const auto known = counts_.find(std::string_view(key_));
  if (known != counts_.end()) {
    known->second += count;
    return;
  }
  counts_.emplace(key_, count);
  if (counts_.size() > kMostGroups) throw too_many_groups();
}

void GroupTally::move_to(GroupSums& sums) {
  for (const auto& [bytes, count] : counts_) {
    std::string_view key = bytes;
    const auto bucket = take<std::int64_t>(key);
    std::vector<std::optional<std::string>> values;
    while (!key.empty()) {
      const auto size = take<std::uint32_t>(key);
      if (size == kNone) {
        values.emplace_back();
        continue;
      }
      values.emplace_back(std::string(key.substr(0, size)));
      key.remove_prefix(size);
    }
    sums.add(bucket, std::move(values), count);
  }
  counts_.clear();
}

}  // namespace logctl::storage
