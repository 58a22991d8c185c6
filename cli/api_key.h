// The key with which commands talk to a daemon.
#pragma once

#include "shared/config/load.h"

#include <string>

namespace logctl::cli {

// From LOGCTL_API_KEY, or from the file that LOGCTL_API_KEY_FILE names; empty without both. Throws
// Error{config} when both are set, Error{not_found, io} when the file cannot be read.
std::string api_key(const config::Environment& environment);

}  // namespace logctl::cli
