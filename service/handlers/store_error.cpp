#include "service/handlers/store_error.h"

namespace logctl::handlers {

Error error_for_client(const Error& error) {
  switch (error.code()) {
    case ErrorCode::unavailable:
      return Error(error.code(), "the store cannot be reached for now",
                   "ask again after the time in Retry-After; records that were taken are safe");
    case ErrorCode::internal:
    case ErrorCode::io:
    case ErrorCode::storage:
      return Error(error.code(), "the store failed to answer", "the server's log names the reason");
    default:
      return error;
  }
}

}  // namespace logctl::handlers
