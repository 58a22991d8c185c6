#include "cli/doctor/checks.h"
#include "shared/backup/directory.h"
#include "shared/backup/state.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli::doctor {
namespace {

// Backups are usually made each night, drills each week; twice that is a cron that has stopped.
constexpr std::chrono::hours kOldBackup(48);
constexpr std::chrono::hours kOldDrill(15 * 24);

}  // namespace

// Looks only at the backup directory: age of the newest backup, and the last drill.
void check_backups(Context& context, std::vector<Finding>& findings) {
  using State = Finding::State;
  const std::filesystem::path directory = backup::directory_of(*context.config());
  const auto found = [&findings](State state, std::string detail, std::string advice = {}) {
    findings.push_back({"backups", state, std::move(detail), std::move(advice)});
  };
  const std::optional<Timestamp> newest = backup::newest_backup_time(directory);
  if (!newest) {
    return found(State::warning, fmt::format("none in {}", directory.string()),
                 "run `logctl backup create` from cron");
  }
  const std::optional<backup::DrillState> drill = backup::read_drill_state(directory);
  const Timestamp now = context.clock().now();
  const std::string made = fmt::format("the newest is of {}", format_rfc3339(*newest));
  if (drill && !drill->ok) {
    return found(State::failed,
                 fmt::format("{}; the last drill, of {}, failed", made, drill->backup),
                 "run `logctl backup verify` and `logctl backup drill`");
  }
  if (now - *newest > kOldBackup) {
    return found(State::warning, made, "see whether cron still runs `logctl backup create`");
  }
  if (!drill || now - drill->finished_at > kOldDrill) {
    return found(State::warning,
                 fmt::format("{}; {}", made,
                             drill ? "its last drill was " + format_rfc3339(drill->finished_at)
                                   : std::string("none was ever restored")),
                 "run `logctl backup drill` from cron");
  }
  found(State::ok, fmt::format("{}; drilled {}", made, format_rfc3339(drill->finished_at)));
}

}  // namespace logctl::cli::doctor
