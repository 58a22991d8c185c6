#include "service/handlers/message_errors.h"

#include "service/messages/rpc_error.h"

namespace logctl::handlers {

using messages::RpcCode;
using messages::RpcError;

http::Response message_error_response(const Error& error) {
  constexpr unsigned kRetryAfter = 1;
  if (dynamic_cast<const RpcError*>(&error) != nullptr) {
    return messages::rpc_error_response(error, kRetryAfter);
  }
  switch (error.code()) {
    case ErrorCode::not_found:
      return messages::rpc_error_response(RpcError(RpcCode::namespace_not_found, error.message()),
                                          kRetryAfter);
    // All of them may pass, and none says what became of a message.
    case ErrorCode::unavailable:
    case ErrorCode::locked:
    case ErrorCode::conflict:
    case ErrorCode::timeout:
    case ErrorCode::disk_full:
      return messages::rpc_error_response(
          Error(ErrorCode::unavailable, "the store cannot be reached for now",
                "try again; a message with an id of its own is written once"),
          kRetryAfter);
    case ErrorCode::internal:
    case ErrorCode::io:
    case ErrorCode::storage:
      return messages::rpc_error_response(
          Error(error.code(), "the store failed to answer", "the server's log names the reason"),
          kRetryAfter);
    default:
      return messages::rpc_error_response(error, kRetryAfter);
  }
}

}  // namespace logctl::handlers
