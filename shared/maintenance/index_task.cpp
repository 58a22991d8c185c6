#include "shared/base/time_text.h"
#include "shared/maintenance/task.h"
#include "shared/storage/index_upkeep.h"

#include <fmt/format.h>

namespace logctl::maintenance {

TaskResult index_closed_days(const TaskInput& input) {
  storage::IndexStore& store = *input.backend.indexes;
  const storage::IndexSettings settings{input.config.storage.indexes,
                                        input.config.storage.index_delay};
  const std::vector<storage::IndexWork> plan = storage::plan_indexes(store, settings, input.now);
  if (input.dry_run)
    return {fmt::format("would bring the indexes of {} days in order", plan.size()), {}};
  const storage::IndexResult result =
      storage::build_indexes(store, plan, [&input](const storage::IndexWork& work) {
        input.note(fmt::format("indexed {}", format_day(work.day)));
      });
  if (result.locked) return {{}, "another process is building indexes"};
  return {fmt::format("{} indexes made, {} dropped", result.built, result.dropped), {}};
}

}  // namespace logctl::maintenance
