// Proves a backup by restoring it: into a scratch place, where it is compared with its manifest,
// brought to the newest schema, and dropped.
#pragma once

#include "shared/backup/place.h"
#include "shared/backup/repository.h"

#include <optional>
#include <string>
#include <vector>

namespace logctl::backup {

struct DrillReport {
  std::string backup;
  std::vector<Difference> differences;  // from the manifest, or a schema step that fails
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  microseconds restored{};  // until the data could be queried
  microseconds compared{};
  microseconds migrated{};
  std::int64_t schema_from = 0;
  std::int64_t schema_to = 0;
  microseconds data_age{};                 // since the backup began
  std::optional<Timestamp> newest_record;  // by the time it was received
  bool ok() const { return differences.empty(); }
};

// Throws when the backup cannot be read or restored at all.
DrillReport drill(const Repository& repository, const std::string& id, Place& beside,
                  const LoadSettings& settings, const config::Config& config, const Clock& clock);

}  // namespace logctl::backup
