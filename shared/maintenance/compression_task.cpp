#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/maintenance/task.h"

#include <fmt/format.h>

namespace logctl::maintenance {

TaskResult compress_old_days(const TaskInput& input) {
  const microseconds age = input.config.storage.compress_after;
  if (age.count() == 0) return {"storage.compress_after is 0", {}};
  storage::DayStore& store = *input.backend.days;
  const std::vector<storage::Day> days = store.uncompressed(input.now - age);
  if (input.dry_run) return {fmt::format("would compress {} days", days.size()), {}};
  std::size_t done = 0;
  TaskResult result;
  for (const storage::Day day : days) {
    if (input.stopping()) break;
    try {
      store.compress(day);
      input.note(fmt::format("compressed {}", format_day(day)));
      ++done;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::locked) throw;
      result.problem = fmt::format("{} is in use: {}", format_day(day), error.message());
    }
  }
  result.done = fmt::format("{} days compressed", done);
  return result;
}

}  // namespace logctl::maintenance
