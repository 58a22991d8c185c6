#include "service/http/response.h"

#include "shared/base/json_writer.h"

namespace logctl::http {

// Not inline: g++ 12 then reports bounds that are not broken.
Response& Response::with(std::string name, std::string value) & {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

Response json(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response text(int status, std::string body) {
  Response response = json(status, std::move(body));
  response.content_type = "text/plain; charset=utf-8";
  return response;
}

Response error_response(const Error& error, unsigned retry_after_seconds) {
  const ErrorInfo& kind = info(error.code());
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().field("error", kind.name).field("message", error.message());
  if (!error.hint().empty()) writer.field("hint", error.hint());
  writer.end_object();
  Response response = json(kind.http_status, std::move(body));
  if (kind.retryable) response.with("Retry-After", std::to_string(retry_after_seconds));
  return response;
}

}  // namespace logctl::http
