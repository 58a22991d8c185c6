// What the metrics say about backups, read from the backup directory: other processes make them.
#pragma once

#include "shared/metrics/observer.h"

#include <filesystem>

namespace logctl {

// Reads two small things from the disk. A directory that is not there means that nothing was done.
// Throws Error{io} when it cannot be read.
void tell_backups(metrics::Observer& observer, const std::filesystem::path& directory);

}  // namespace logctl
