#include "shared/ingest/flat_object.h"

#include "shared/base/error.h"
#include "shared/ingest/json_object.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <string_view>

namespace logctl::ingest {

query::Parameters read_flat_object(std::string& text) {
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  const simdjson::error_code failed = parser.parse(text.data(), text.size(), false).get(root);
  if (failed != simdjson::SUCCESS) {
    const std::string fault = json_fault(text);
    throw Error(ErrorCode::invalid_json,
                fmt::format("the body is not JSON: {}",
                            fault.empty() ? simdjson::error_message(failed) : fault),
                R"(expected an object such as {"q":"level>=warn","limit":100})");
  }
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) {
    throw Error(ErrorCode::invalid_json, "the body is JSON, but no object",
                R"(expected an object such as {"q":"level>=warn","limit":100})");
  }
  query::Parameters parameters;
  for (const auto [name, value] : object) {
    if (value.is_null()) continue;
    std::string_view words;
    if (value.is_object() || value.is_array()) {
      throw Error(ErrorCode::invalid_json,
                  fmt::format("'{}' is {}, expected a text or a number", name,
                              value.is_object() ? "an object" : "a list"));
    }
    parameters.emplace_back(
        name, value.get(words) == simdjson::SUCCESS ? std::string(words) : simdjson::minify(value));
  }
  return parameters;
}

}  // namespace logctl::ingest
