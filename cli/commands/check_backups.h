// What the doctor says about backups.
#pragma once

#include "cli/commands/reconcile.h"
#include "cli/context.h"

namespace logctl::cli {

// Looks only at the backup directory: age of the newest backup, and the last drill.
Finding check_backups(Context& context);

}  // namespace logctl::cli
