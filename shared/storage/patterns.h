// Messages of the newest records that match, grouped by what they have in common
// (query/pattern.h).
#pragma once

#include "shared/query/query.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <string>
#include <vector>

namespace logctl::storage {

inline constexpr std::uint32_t kMostPatternRows = 100'000;

struct Pattern {
  std::string text;
  std::uint64_t count = 0;
  std::string example;  // the newest message
  std::string id;       // of its record
  Timestamp first{};
  Timestamp last{};
};

struct Patterns {
  std::vector<Pattern> list;  // the most frequent first
  std::uint64_t distinct = 0;
  std::uint64_t rows = 0;       // that were read; those without a message are in no pattern
  std::uint64_t uncounted = 0;  // rows of patterns beyond what is kept in memory
  bool cut = false;             // more rows match than were read
};

// Reads at most `rows` rows, the newest first, and gives at most `limit` patterns. `query` is bound
// to its view already; its order, limit and offset are not used. Throws as LogStore::search.
Patterns find_patterns(LogStore& store, query::Query query, std::uint32_t rows,
                       std::uint32_t limit);

}  // namespace logctl::storage
