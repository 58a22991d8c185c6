// One HTTP request as handlers see it: no Beast types.
#pragma once

#include "shared/auth/authenticator.h"
#include "shared/query/parameters.h"
#include "shared/ratelimit/limiter.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::messages {
struct Caller;
}

namespace logctl::http {

class BodyReader;

enum class Method { get, head, post, put, patch, del, options, other };
std::string_view method_name(Method method);

struct Request {
  Method method = Method::get;
  std::string target;                       // as sent
  std::string path;                         // percent-decoded, without the query
  query::Parameters parameters;             // decoded, in order
  std::vector<std::string> path_arguments;  // what `{...}` in the route's path matched
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;    // decompressed, with the parser's padding as spare capacity
  std::string remote;  // peer address, "unix" for unix sockets
  std::string request_id;
  // Who is charged for it: set when the route asks for a scope, or by its own check.
  std::shared_ptr<const auth::Principal> principal;
  std::shared_ptr<const messages::Caller> caller;  // of the surface `messages`
  BodyReader* body_reader = nullptr;               // instead of `body`, where the route wants it so
  // Called when the client hangs up while a handler that only reads is at work. It must not block.
  std::function<void()> on_hang_up;
  // What the limits of the key say, for the answer: of its requests, or of the limit that refused.
  std::optional<ratelimit::Decision> rate;

  // The first header of that (lower-case) name, or empty.
  std::string_view header(std::string_view name) const;
  // The first parameter of that name, or nothing.
  const std::string* parameter(std::string_view name) const;
};

// `text` with %XX (and + as space when `plus`) decoded; nothing on a broken escape or a NUL.
std::optional<std::string> percent_decode(std::string_view text, bool plus);
// The query part of a target as parameters; nothing on a broken escape.
std::optional<query::Parameters> parse_query_string(std::string_view text);

}  // namespace logctl::http
