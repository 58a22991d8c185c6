#include "shared/maintenance/task.h"

#include <algorithm>
#include <array>

namespace logctl::maintenance {
namespace {

constexpr std::array kTasks = {
    Task{"upkeep", "partitions made ahead, old ids forgotten, closed days brought to rest",
         keep_up},
    Task{"retention", "records deleted that are older than the rules allow", apply_retention},
    Task{"indexes", "closed days indexed as storage.indexes and `logctl index` say",
         index_closed_days},
    // After the indexes: what a day is indexed by, its compressed form is searched by.
    Task{"compression", "old days of a hypertable of TimescaleDB compressed", compress_old_days},
};

}  // namespace

std::span<const Task> tasks() { return kTasks; }

const Task* find_task(std::string_view name) {
  const auto* const found = std::find_if(kTasks.begin(), kTasks.end(),
                                         [name](const Task& task) { return task.name == name; });
  return found == kTasks.end() ? nullptr : found;
}

}  // namespace logctl::maintenance
