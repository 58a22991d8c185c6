// One HTTP answer as handlers make it: no Beast types.
#pragma once

#include "shared/base/error.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::http {

class BodySource;

struct Response {
  int status = 200;
  std::string body;
  std::string_view content_type = "application/json";
  std::vector<std::pair<std::string, std::string>>
      headers;                         // beyond the ones that every answer carries
  std::shared_ptr<BodySource> source;  // instead of `body`: made while it is sent (body_source.h)

  Response& with(std::string name, std::string value) &;
};

Response json(int status, std::string body);
Response text(int status, std::string body);

// {"error": name, "message": ..., "hint"?: ...} with the status of the error table. Retryable
// errors get Retry-After in whole seconds. The default shape (Change66's); other dialects build
// their own.
Response error_response(const Error& error, unsigned retry_after_seconds = 1);

}  // namespace logctl::http
