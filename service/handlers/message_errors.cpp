#include "service/handlers/message_errors.h"

#include "service/messages/rpc_error.h"

namespace logctl::handlers {

using messages::RpcCode;
using messages::RpcError;

Error message_error_for_client(const Error& error) {
  switch (error.code()) {
    case ErrorCode::unavailable:
    case ErrorCode::locked:
    case ErrorCode::conflict:
    case ErrorCode::timeout:
    case ErrorCode::disk_full:
      // All of them may pass, and none says what became of a message.
      return Error(ErrorCode::unavailable, "the store cannot be reached for now",
                   "try again; a message with an id of its own is written once");
    case ErrorCode::internal:
    case ErrorCode::io:
    case ErrorCode::storage:
      return Error(error.code(), "the store failed to answer", "the server's log names the reason");
    default:
      return error;
  }
}

void throw_for_client(const Error& error) {
  if (const auto* own = dynamic_cast<const RpcError*>(&error)) throw RpcError(*own);
  throw message_error_for_client(error);
}

http::Response message_error_response(const Error& error) {
  constexpr unsigned kRetryAfter = 1;
  if (dynamic_cast<const RpcError*>(&error) != nullptr) {
    return messages::rpc_error_response(error, kRetryAfter);
  }
  if (error.code() == ErrorCode::not_found) {
    return messages::rpc_error_response(RpcError(RpcCode::namespace_not_found, error.message()),
                                        kRetryAfter);
  }
  return messages::rpc_error_response(message_error_for_client(error), kRetryAfter);
}

}  // namespace logctl::handlers
