#include "service/messages/rpc_error.h"

#include "shared/base/json_writer.h"

#include <array>
#include <utility>

namespace logctl::messages {
namespace {

constexpr std::array kTable = {
    RpcErrorInfo{RpcCode::invalid_request, "INVALID_REQUEST", ErrorCode::invalid_request,
                 "no JSON array, a wrong argument, or the wrong verb (405)"},
    RpcErrorInfo{RpcCode::method_not_found, "METHOD_NOT_FOUND", ErrorCode::not_found,
                 "there is no such method"},
    RpcErrorInfo{RpcCode::auth_required, "AUTH_REQUIRED", ErrorCode::unauthorized,
                 "no token was sent"},
    RpcErrorInfo{RpcCode::auth_invalid_token, "AUTH_INVALID_TOKEN", ErrorCode::unauthorized,
                 "what was sent is no token"},
    RpcErrorInfo{RpcCode::auth_unauthorized, "AUTH_UNAUTHORIZED", ErrorCode::forbidden,
                 "the token opens no namespace, or not this one"},
    RpcErrorInfo{RpcCode::not_found, "NOT_FOUND", ErrorCode::not_found, "there is no such path"},
    RpcErrorInfo{RpcCode::stream_not_found, "STREAM_NOT_FOUND", ErrorCode::not_found,
                 "there is no such stream"},
    RpcErrorInfo{RpcCode::namespace_not_found, "NAMESPACE_NOT_FOUND", ErrorCode::not_found,
                 "there is no such namespace"},
    RpcErrorInfo{RpcCode::version_conflict, "STREAM_VERSION_CONFLICT", ErrorCode::conflict,
                 "expectedVersion is not the stream's"},
    RpcErrorInfo{RpcCode::id_conflict, "MESSAGE_ID_CONFLICT", ErrorCode::conflict,
                 "the id belongs to a message with other content"},
    RpcErrorInfo{RpcCode::namespace_exists, "NAMESPACE_EXISTS", ErrorCode::conflict,
                 "the namespace is there already"},
    RpcErrorInfo{RpcCode::rate_limited, "RATE_LIMITED", ErrorCode::rate_limited,
                 "more than messages.rps"},
    RpcErrorInfo{RpcCode::too_many_subscriptions, "TOO_MANY_SUBSCRIPTIONS", ErrorCode::rate_limited,
                 "more than messages.max_subscribers_per_namespace"},
    RpcErrorInfo{RpcCode::clear_failed, "CLEAR_FAILED", ErrorCode::internal,
                 "the namespace could not be cleared before an import"},
    RpcErrorInfo{RpcCode::backend_error, "BACKEND_ERROR", ErrorCode::unavailable,
                 "the store failed, or too much waits for it: try again"},
    RpcErrorInfo{RpcCode::internal_error, "INTERNAL_ERROR", ErrorCode::internal,
                 "a failure that the server's log explains"},
};

RpcCode code_of(const Error& error) {
  if (const auto* own = dynamic_cast<const RpcError*>(&error)) return own->rpc_code();
  switch (error.code()) {
    case ErrorCode::unauthorized:
      return RpcCode::auth_required;
    case ErrorCode::forbidden:
      return RpcCode::auth_unauthorized;
    case ErrorCode::not_found:
      return RpcCode::not_found;
    case ErrorCode::rate_limited:
      return RpcCode::rate_limited;
    case ErrorCode::internal:
      return RpcCode::internal_error;
    default:
      break;
  }
  const ErrorInfo& kind = logctl::info(error.code());
  return kind.http_status < 500 ? RpcCode::invalid_request : RpcCode::backend_error;
}

}  // namespace

const RpcErrorInfo& info(RpcCode code) { return kTable[static_cast<std::size_t>(code)]; }

RpcError::RpcError(RpcCode code, std::string message)
    : Error(info(code).general, std::move(message)), code_(code) {}

std::string RpcError::detail(std::string_view name, std::string_view text) {
  std::string json;
  JsonWriter(json).begin_object().field(name, text).end_object();
  return json;
}

http::Response rpc_error_response(const Error& error, unsigned retry_after_seconds) {
  const ErrorInfo& kind = logctl::info(error.code());
  const auto* own = dynamic_cast<const RpcError*>(&error);
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("error").begin_object();
  json.field("code", info(code_of(error)).name).field("message", error.message());
  if (own != nullptr && !own->details.empty()) {
    json.key("details").raw(own->details);
  } else if (!error.hint().empty()) {
    json.key("details").begin_object().field("hint", error.hint()).end_object();
  }
  json.end_object().end_object();
  http::Response response = http::json(kind.http_status, std::move(body));
  if (kind.retryable) response.with("Retry-After", std::to_string(retry_after_seconds));
  return response;
}

}  // namespace logctl::messages
