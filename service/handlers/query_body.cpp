#include "service/handlers/query_body.h"

#include "shared/base/error.h"
#include "shared/ingest/flat_object.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace logctl::handlers {
namespace {

// `text/plain; charset=utf-8` -> `text/plain`.
std::string media_type(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (type.ends_with(' ')) type.pop_back();
  for (char& c : type) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return type;
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kBlank) - begin + 1));
}

query::Parameters body_parameters(http::Request& request) {
  const std::string type = media_type(request.header("content-type"));
  if (type.empty() || type == "text/plain") return {{"q", trimmed(request.body)}};
  if (type == "application/json") return ingest::read_flat_object(request.body);
  if (type == "application/x-www-form-urlencoded") {
    auto form = http::parse_query_string(trimmed(request.body));
    if (!form) throw Error(ErrorCode::invalid_request, "broken %-escape in the form");
    return std::move(*form);
  }
  throw Error(ErrorCode::unsupported_encoding,
              fmt::format("Content-Type '{}' is not understood here",
                          query::is_storable_text(type) ? type : "?"),
              "expected text/plain with the query, application/json or "
              "application/x-www-form-urlencoded");
}

}  // namespace

query::Parameters question_of(http::Request& request) {
  query::Parameters parameters = request.parameters;
  if (request.method == http::Method::post && !request.body.empty()) {
    for (auto& parameter : body_parameters(request)) parameters.push_back(std::move(parameter));
    request.body.clear();
  }
  std::erase_if(parameters, [](const auto& parameter) {
    return parameter.first == "api_key" || parameter.first == "token";
  });
  return parameters;
}

}  // namespace logctl::handlers
