// The secondary indexes of closed days: which there are, which there shall be, and making them.
//
// They only save time: an answer is the same without them. A day that is being written has none.
// One conformance list (tests/conformance/indexes_test.cpp) holds every backend to it.
//
// Threads: any, except that a Pass belongs to one. Errors as in store.h.
#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace logctl::storage {

enum class IndexState { valid, building, missing };

struct DayIndex {
  std::chrono::sys_days day;
  std::string field;
  // `missing` as well when something of it is there that cannot be used.
  IndexState state = IndexState::missing;
  std::uint64_t bytes = 0;
  // Records came after it was made, so many that it should be brought up to date. It is used.
  bool behind = false;
};

// What somebody wants besides storage.indexes.
struct IndexChoice {
  std::string field;
  std::optional<std::chrono::sys_days> day;  // nothing: all days
  bool wanted = true;
};

class IndexStore {
 public:
  virtual ~IndexStore() = default;

  // The days that have a place for records, oldest first.
  virtual std::vector<std::chrono::sys_days> days() = 0;
  // What there is, by day and field; nothing for what was never made.
  virtual std::vector<DayIndex> indexes() = 0;
  virtual std::vector<IndexChoice> choices() = 0;
  // Replaces what was said before about the field and the day. Saying something about all days
  // takes back what was said about single ones.
  virtual void choose(const IndexChoice& choice) = 0;
  // Why the store cannot have this index at all, and what to do about it; nothing when it can.
  virtual std::optional<std::string> obstacle(const std::string& /*field*/) { return {}; }

  // Held by one process at a time.
  class Pass {
   public:
    virtual ~Pass() = default;
    // Makes those of `fields` that are missing and brings those up to date that are behind, beside
    // records that come in. What a killed run left behind is removed. Throws Error{unavailable}
    // when interrupted: the next call goes on.
    virtual void build(std::chrono::sys_days day, std::span<const std::string> fields) = 0;
    virtual void drop(std::chrono::sys_days day, const std::string& field) = 0;
  };
  // Nothing when another process is at it.
  virtual std::unique_ptr<Pass> try_pass() = 0;
  // Ends a build() that is running in another thread soon, and every later one.
  virtual void interrupt() = 0;
};

}  // namespace logctl::storage
