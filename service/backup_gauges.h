// What the metrics say about backups, read from the backup directory: other processes make them.
#pragma once

#include "shared/config/config.h"
#include "shared/metrics/observer.h"

namespace logctl {

// Reads two small things from the disk. A directory that is not there means that nothing was done;
// one that cannot be read is told in the log, and the metrics stay as they are.
void tell_backups(metrics::Observer& observer, const config::Config& config);

}  // namespace logctl
