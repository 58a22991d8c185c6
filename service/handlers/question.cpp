#include "service/handlers/question.h"

#include "shared/base/error.h"

namespace logctl::handlers {

query::View view_of(const http::Request& request) {
  if (!request.principal) throw Error(ErrorCode::unauthorized, "an API key is required");
  return request.principal->view();
}

query::Parameters questions(const http::Request& request) {
  query::Parameters parameters = request.parameters;
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "api_key" || parameter.first == "token";
  });
  return parameters;
}

}  // namespace logctl::handlers
