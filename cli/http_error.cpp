#include "cli/http_error.h"

namespace logctl::cli {

ErrorCode error_of_status(int http_status) {
  switch (http_status) {
    case 401:
      return ErrorCode::unauthorized;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
      return ErrorCode::conflict;
    case 413:
      return ErrorCode::request_too_large;
    case 408:
    case 429:
      return ErrorCode::unavailable;
    case 504:
      return ErrorCode::timeout;
    default:
      return http_status >= 500 ? ErrorCode::unavailable : ErrorCode::invalid_request;
  }
}

}  // namespace logctl::cli
