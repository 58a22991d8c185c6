// The errors of the surface `messages`: {"error":{"code","message","details"?}}.
#pragma once

#include "service/http/response.h"
#include "shared/base/error.h"

#include <string>
#include <string_view>

namespace logctl::messages {

enum class RpcCode {
  invalid_request,
  method_not_found,
  auth_required,
  auth_invalid_token,
  auth_unauthorized,
  not_found,
  stream_not_found,
  namespace_not_found,
  version_conflict,
  id_conflict,
  namespace_exists,
  rate_limited,
  too_many_subscriptions,
  clear_failed,
  backend_error,
  internal_error,
};

struct RpcErrorInfo {
  RpcCode code;
  std::string_view name;
  ErrorCode general;  // its kind, which decides the HTTP status
  std::string_view meaning;
};
const RpcErrorInfo& info(RpcCode code);

class RpcError : public Error {
 public:
  RpcError(RpcCode code, std::string message);

  RpcCode rpc_code() const { return code_; }
  std::string details;  // a JSON object, or empty

  // {"name":"text"}
  static std::string detail(std::string_view name, std::string_view text);

 private:
  RpcCode code_;
};

// Takes any error: what is no RpcError gets the code that fits its kind.
http::Response rpc_error_response(const Error& error, unsigned retry_after_seconds);

}  // namespace logctl::messages
