// What a client is told when the store failed. The store's own words name servers, files and
// statements: they are for the log.
#pragma once

#include "shared/base/error.h"

namespace logctl::handlers {

// Keeps the code; the message as well where it is about the question (a time-out, a parameter).
Error error_for_client(const Error& error);

}  // namespace logctl::handlers
