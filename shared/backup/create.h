// Makes a backup: it exists as a whole when this returns, and not at all when it throws or the
// process is killed. What killed runs have left is removed at the start.
#pragma once

#include "shared/backup/manifest.h"
#include "shared/backup/place.h"
#include "shared/backup/repository.h"
#include "shared/backup/workshop.h"
#include "shared/base/clock.h"

#include <optional>

namespace logctl::backup {

struct CreateSettings {
  MakeSettings make;
  std::optional<std::uint64_t> spooled;  // for the manifest
  std::string tool_version;
};

// Throws Error{locked} while another run adds or prunes, Error{disk_full} before it begins when
// there is not enough room, and whatever the store and the disk throw.
Manifest create(const Repository& repository, Place& place, const CreateSettings& settings,
                const Clock& clock);

}  // namespace logctl::backup
