// What the configuration alone cannot judge, because the form of a value is known elsewhere:
// listeners, indexes, paths, settings of libpq.
//
// For config::Sources::check. Reads nothing but the configuration.
#pragma once

#include "shared/config/load.h"

namespace logctl::cli {

void check_values(const config::Config& config, const config::Complaints& complaints);

}  // namespace logctl::cli
