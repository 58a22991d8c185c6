// Bringing the indexes of closed days to what is wanted: the plan, and one pass over it.
//
// What is wanted of a day: what was said about the field on that day (`logctl index add|drop
// --day`), else what was said about it on all days, else whether storage.indexes names it.
#pragma once

#include "shared/storage/index_store.h"

#include <functional>
#include <string>
#include <vector>

namespace logctl::storage {

struct IndexSettings {
  std::vector<std::string> fields;  // storage.indexes
  microseconds delay{};             // storage.index_delay
};

// In the order of their names.
std::vector<std::string> wanted_indexes(std::span<const std::string> configured,
                                        std::span<const IndexChoice> choices,
                                        std::chrono::sys_days day);

// What is to be done on one day.
struct IndexWork {
  std::chrono::sys_days day;
  std::vector<std::string> build;  // missing or behind
  std::vector<std::string> drop;   // there, and somebody said that it shall not be
};
// The newest day first; only days that ended `settings.delay` before `now`. Fields that the store
// cannot index are left out.
std::vector<IndexWork> plan_indexes(IndexStore& store, const IndexSettings& settings,
                                    Timestamp now);

// Wanted indexes of closed days together with those that are there, by day and field.
std::vector<DayIndex> list_indexes(IndexStore& store, const IndexSettings& settings, Timestamp now);

struct IndexResult {
  bool locked = false;  // another process is at it: nothing was done
  std::size_t built = 0;
  std::size_t dropped = 0;
};
// Does the work of the plan. `done` hears of each day. A day that fails costs no other day its
// indexes; the first error is thrown at the end.
IndexResult build_indexes(IndexStore& store, std::span<const IndexWork> plan,
                          const std::function<void(const IndexWork&)>& done = {});

}  // namespace logctl::storage
