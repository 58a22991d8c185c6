// The head of an answer as bytes, and the headers that every answer carries.
#pragma once

#include "service/http/response.h"
#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/ratelimit/limiter.h"

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace logctl::http {

// Everything about an answer that is not in the Response itself.
struct AnswerContext {
  std::string_view request_id;
  std::string_view origin;                    // the request's Origin header, for CORS
  std::string_view allow;                     // of a 405
  const ratelimit::Decision* rate = nullptr;  // of an authenticated request
  std::optional<Timestamp> key_ends;          // when the key of the request soon ends
  const config::Server* server = nullptr;
  bool keep_alive = true;
  bool http_1_0 = false;
};

// Appends status line, headers and the empty line. Line breaks in header values become spaces.
void append_head(std::string& out, const Response& response, const AnswerContext& context);

// The answer to a CORS preflight request; the headers about the origin come with append_head.
Response preflight_response();

// `Thu, 01 Jan 1970 00:00:00 GMT`; formatted once per second and thread.
std::string_view http_date(std::time_t now);

}  // namespace logctl::http
