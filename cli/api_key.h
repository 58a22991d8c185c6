// The secrets that commands with --url show to the daemon.
#pragma once

#include "shared/config/load.h"

#include <string>

namespace logctl::cli {

// From LOGCTL_API_KEY, or from the file that LOGCTL_API_KEY_FILE names; empty without both. Throws
// Error{config} when both are set, and what reading the file throws.
std::string api_key(const config::Environment& environment);
// The same for the token of a namespace: LOGCTL_TOKEN and LOGCTL_TOKEN_FILE.
std::string namespace_token(const config::Environment& environment);

// The content of a file with a secret, without the line break at its end; `-` is standard input.
// Throws Error{usage} when it is empty.
std::string read_secret(const std::string& file);

}  // namespace logctl::cli
