// What clients of the surface `messages` are told when something failed below.
#pragma once

#include "service/http/response.h"
#include "shared/base/error.h"

namespace logctl::handlers {

// What the store says about itself is for the log; what it says about a namespace, and reports of
// JSON and arguments, stay as they are.
http::Response message_error_response(const Error& error);
// The same as an error.
Error message_error_for_client(const Error& error);
// Throws that; an RpcError as it is.
[[noreturn]] void throw_for_client(const Error& error);

}  // namespace logctl::handlers
