#include "service/backup_gauges.h"

#include "shared/backup/state.h"

#include <optional>

namespace logctl {

void tell_backups(metrics::Observer& observer, const std::filesystem::path& directory) {
  const std::optional<backup::DrillState> drill = backup::read_drill_state(directory);
  observer.set_backups(backup::newest_backup_time(directory),
                       drill ? drill->last_ok_at : std::nullopt);
}

}  // namespace logctl
