// The spool that a configuration means.
#pragma once

#include "shared/config/config.h"
#include "shared/spool/spool.h"

namespace logctl::spool {

Settings settings_of(const config::Config& config);

}  // namespace logctl::spool
