// The libpq connection string: what the configuration says, with our defaults below it.
#pragma once

#include "shared/config/config.h"

#include <string>
#include <string_view>

namespace logctl::storage::postgres {

// `connection` is a URL or `key=value` text. Adds application name, encoding, connect time-out and
// keep-alives where `connection` does not set them. The result holds the password. Throws
// Error{config} when libpq cannot read `connection`.
std::string connection_string(const std::string& connection, const config::Database& settings);

}  // namespace logctl::storage::postgres
