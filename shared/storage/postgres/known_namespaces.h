// What a writing connection knows of namespaces: what its transaction has found in one that it
// locked, and what it keeps of that for its next one, so that streams which are written again and
// again are not looked up each time.
//
// What was kept holds as long as nobody else has written into the namespace. That is seen, under
// the namespace's lock, by the transaction that has made its row what it is, and by the number of
// its messages. Not thread-safe: belongs to one connection and ends with it.
#pragma once

#include "shared/storage/message_plan.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace logctl::storage::postgres {

// A namespace that is locked, and what was found in it.
struct LockedNamespace {
  struct Stream {
    std::int64_t stream = 0;
    std::int64_t category = 0;
  };
  std::int64_t ns = 0;
  std::string name;
  std::int64_t messages = 0;
  std::int64_t streams = 0;
  std::int64_t categories = 0;
  NamespaceState state;
  // Each stream that is in here has a version, and its category a number.
  std::unordered_map<std::string, Stream> stream_numbers;
  std::unordered_map<std::string, std::int64_t> category_numbers;
  // Of the places that were asked about.
  std::set<std::pair<std::string, std::int64_t>> taken_positions;
  std::set<std::int64_t> taken_global_positions;

  // The transaction that wrote the row: the last 32 bits of its number.
  std::string written_by;
  // Nobody else came between two transactions: the next one need not ask for what is known.
  bool undisturbed = false;
};

class KnownNamespaces {
 public:
  // Beyond so many streams in all of them, everything is forgotten: some megabytes.
  static constexpr std::size_t kMostStreams = 20'000;

  // Taken out: what fails on the way is not known any more.
  std::optional<LockedNamespace> take(std::string_view name);
  // As it is after a commit.
  void keep(LockedNamespace&& space);
  void forget();

 private:
  std::map<std::string, LockedNamespace, std::less<>> spaces_;
  std::size_t streams_ = 0;
};

}  // namespace logctl::storage::postgres
