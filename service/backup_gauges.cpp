#include "service/backup_gauges.h"

#include "shared/backup/directory.h"
#include "shared/backup/state.h"
#include "shared/base/error.h"

#include <optional>

namespace logctl {

void tell_backups(metrics::Observer& observer, const config::Config& config) {
  try {
    const std::filesystem::path directory = backup::directory_of(config);
    const std::optional<backup::DrillState> drill = backup::read_drill_state(directory);
    observer.set_backups(backup::newest_backup_time(directory),
                         drill ? drill->last_ok_at : std::nullopt);
  } catch (const std::exception& error) {
    observer.emit(
        metrics::Notice{metrics::Notice::Severity::warn, "backups not seen", error.what()});
  }
}

}  // namespace logctl
