// What monitoring wants to know about backups: DIR/drill.json, and the same as Prometheus text.
#pragma once

#include "shared/base/clock.h"

#include <filesystem>
#include <optional>
#include <string>

namespace logctl::backup {

struct DrillState {
  std::string backup;
  Timestamp finished_at{};
  bool ok = false;
  double restore_seconds = 0;
  double data_age_seconds = 0;
  std::optional<Timestamp> last_ok_at;  // of this or an earlier drill
};

// Nothing when there has been no drill, or its state cannot be read.
std::optional<DrillState> read_drill_state(const std::filesystem::path& directory);
// Replaces it as a whole; keeps last_ok_at of the one before when this one failed.
void write_drill_state(const std::filesystem::path& directory, DrillState state);

// When the newest complete backup began, by its name alone.
std::optional<Timestamp> newest_backup_time(const std::filesystem::path& directory);

// For the textfile collector of node_exporter.
std::string prometheus_text(const DrillState& state);

}  // namespace logctl::backup
