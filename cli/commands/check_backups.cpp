#include "cli/commands/check_backups.h"

#include "shared/backup/directory.h"
#include "shared/backup/state.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>

namespace logctl::cli {
namespace {

// Backups are usually made each night, drills each week; twice that is a cron that has stopped.
constexpr std::chrono::hours kOldBackup(48);
constexpr std::chrono::hours kOldDrill(15 * 24);

}  // namespace

Finding check_backups(Context& context) {
  using State = Finding::State;
  const std::filesystem::path directory = backup::directory_of(*context.config());
  const std::optional<Timestamp> newest = backup::newest_backup_time(directory);
  const std::optional<backup::DrillState> drill = backup::read_drill_state(directory);
  const Timestamp now = context.clock().now();
  if (!newest) {
    return {"backups", State::warning,
            fmt::format("none in {}: run `logctl backup create` from cron", directory.string())};
  }
  const std::string made = fmt::format("the newest is of {}", format_rfc3339(*newest));
  if (drill && !drill->ok) {
    return {"backups", State::failed,
            fmt::format("{}; the last drill, of {}, failed: run `logctl backup drill` and `verify`",
                        made, drill->backup)};
  }
  if (now - *newest > kOldBackup) {
    return {"backups", State::warning,
            fmt::format("{}: does cron still run `logctl backup create`?", made)};
  }
  if (!drill || now - drill->finished_at > kOldDrill) {
    return {"backups", State::warning,
            fmt::format("{}; {}: run `logctl backup drill` from cron", made,
                        drill ? "its last drill was " + format_rfc3339(drill->finished_at)
                              : std::string("none was ever restored"))};
  }
  return {"backups", State::ok,
          fmt::format("{}; drilled {}", made, format_rfc3339(drill->finished_at))};
}

}  // namespace logctl::cli
