#include "shared/storage/patterns.h"

#include "shared/query/pattern.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace logctl::storage {
namespace {

constexpr std::uint32_t kPageRows = 1000;
constexpr std::size_t kMostDistinct = 20'000;
constexpr std::size_t kMostExampleBytes = 1024;

std::string example_of(std::string_view message) {
  if (message.size() <= kMostExampleBytes) return std::string(message);
  std::size_t end = kMostExampleBytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
  return std::string(message.substr(0, end)) + "...";
}

}  // namespace

Patterns find_patterns(LogStore& store, query::Query query, std::uint32_t rows,
                       std::uint32_t limit) {
  Patterns result;
  std::unordered_map<std::string, Pattern> groups;
  query.sort = query::Field::timestamp;
  query.order = query::Order::descending;
  query.offset = 0;
  while (result.rows < rows) {
    query.limit =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(kPageRows, rows - result.rows));
    const Page page = store.search(query);
    result.rows += page.batch.records.size();
    for (const LogRecord& record : page.batch.records) {
      if (record.message.empty()) continue;
      std::string text = query::pattern_of(record.message);
      auto found = groups.find(text);
      if (found == groups.end()) {
        if (groups.size() >= kMostDistinct) {
          ++result.uncounted;
          continue;
        }
        Pattern pattern;
        pattern.text = text;
        pattern.example = example_of(record.message);
        pattern.id = format_record_id(record.timestamp, record.event_id);
        pattern.last = record.timestamp;
        found = groups.emplace(std::move(text), std::move(pattern)).first;
      }
      ++found->second.count;
      found->second.first = record.timestamp;
    }
    result.cut = page.next.has_value();
    if (!page.next) break;
    query.after = page.next;
  }
  result.distinct = groups.size();
  for (auto& [text, pattern] : groups) result.list.push_back(std::move(pattern));
  std::sort(result.list.begin(), result.list.end(), [](const Pattern& a, const Pattern& b) {
    return a.count != b.count ? a.count > b.count : a.text < b.text;
  });
  if (result.list.size() > limit) result.list.resize(limit);
  return result;
}

}  // namespace logctl::storage
