#include "shared/maintenance/task.h"

namespace logctl::maintenance {

TaskResult keep_up(const TaskInput& input) {
  if (input.dry_run) return {"would make partitions ahead and bring closed days to rest", {}};
  input.backend.logs->maintain(input.now);
  return {"done", {}};
}

}  // namespace logctl::maintenance
