// Tells a server that is away from one that is there and will never take this connection.
//
// While a connection is made, libpq keeps the server's SQLSTATE to itself, and the server's words
// are in its own language: so the server is asked once more, for nothing but the code. Blocks.
#pragma once

#include "shared/base/error.h"

#include <optional>
#include <string>

namespace logctl::storage::postgres {

// What has to be mended when the server refuses `conninfo` for a reason that waiting does not mend,
// with the message of `failure`. Nothing when it lets it in, is starting up or cannot be reached.
std::optional<Error> lasting_refusal(const std::string& conninfo, const Error& failure);

}  // namespace logctl::storage::postgres
