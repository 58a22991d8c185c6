#include "shared/query/property.h"

#include "shared/query/number.h"

#include <simdjson.h>

namespace logctl::query {
namespace {

namespace ondemand = simdjson::ondemand;

Property read(ondemand::value value) {
  using Kind = Property::Kind;
  switch (value.type()) {
    case ondemand::json_type::array:
    case ondemand::json_type::object:
      return {Kind::container, {}};
    case ondemand::json_type::number: {
      std::string_view token = value.raw_json_token();
      token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
      return {Kind::number, plain_number(token)};
    }
    case ondemand::json_type::string:
      return {Kind::text, std::string(std::string_view(value.get_string()))};
    case ondemand::json_type::boolean:
      return {Kind::boolean, bool(value.get_bool()) ? "true" : "false"};
    case ondemand::json_type::null:
      break;
  }
  return {};
}

Property find(ondemand::object object, std::span<const std::string> path) {
  Property found;
  for (auto field : object) {
    if (std::string_view(field.unescaped_key()) != path.front()) continue;
    ondemand::value value = field.value();
    found = {};
    if (path.size() == 1) {
      found = read(value);
    } else if (value.type() == ondemand::json_type::object) {
      found = find(value.get_object(), path.subspan(1));
    }
  }
  return found;
}

}  // namespace

Property find_property(std::string_view properties, std::span<const std::string> path) {
  if (properties.empty() || path.empty()) return {};
  thread_local ondemand::parser parser;
  thread_local std::string padded;
  padded.assign(properties);
  padded.resize(properties.size() + simdjson::SIMDJSON_PADDING);
  try {
    ondemand::document document = parser.iterate(padded.data(), properties.size(), padded.size());
    return find(document.get_object(), path);
  } catch (const simdjson::simdjson_error&) {
    return {};  // not what a store takes: nothing can be found in it
  }
}

}  // namespace logctl::query
