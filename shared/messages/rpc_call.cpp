#include "shared/messages/rpc_call.h"

#include "shared/base/error.h"
#include "shared/ingest/json_object.h"
#include "shared/ingest/json_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace logctl::messages {
namespace {

namespace ondemand = simdjson::ondemand;
using Kind = RpcValue::Kind;

const RpcValue kAbsent;
constexpr std::size_t kShownNumber = 40;

// Says where, which the parser does not.
[[noreturn]] void not_json(std::string_view body, const simdjson::simdjson_error& error) {
  const std::string fault = ingest::json_fault(body);
  throw Error(ErrorCode::invalid_json,
              fmt::format("the body is not JSON: {}", fault.empty() ? error.what() : fault),
              R"(expected an array such as ["stream.version","account-1"])");
}

std::string_view trimmed(std::string_view token) {
  while (!token.empty() && ingest::is_space(token.back())) token.remove_suffix(1);
  return token;
}

// 5, 5.0 and 5e0 are the same number to many who send them.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t whole = 0;
  const char* const end = text.data() + text.size();
  if (const auto [stop, error] = std::from_chars(text.data(), end, whole);
      error == std::errc() && stop == end) {
    return whole;
  }
  double number = 0;
  constexpr double kExact = 9007199254740992.0;  // 2^53
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || std::abs(number) > kExact ||
      std::trunc(number) != number) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(number);
}

RpcValue number(std::string_view token) {
  bool has_exponent = false;
  const char* const end = ingest::scan_number(token.data(), has_exponent);
  if (end != token.data() + token.size()) throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
  RpcValue value;
  value.kind = Kind::number;
  value.whole = whole_number(token);
  value.text.assign(token.substr(0, kShownNumber));
  return value;
}

}  // namespace

std::string_view RpcValue::described() const {
  static constexpr std::array<std::string_view, 7> kWords = {
      "nothing", "null", "true or false", "a number", "a text", "an object", "an array"};
  return kWords[static_cast<std::size_t>(kind)];
}

const RpcValue& RpcObject::at(std::string_view name) const {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields_.rend() ? kAbsent : found->second;
}

RpcValue RpcObject::take(std::string_view name) {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(),
                                  [&](const auto& field) { return field.first == name; });
  return found == fields_.rend() ? RpcValue() : std::move(found->second);
}

const RpcValue& RpcCall::argument(std::size_t index) const {
  return index < arguments.size() ? arguments[index] : kAbsent;
}

struct RpcReader::State {
  ondemand::parser parser;
  std::string padded;

  // `compact`: objects in it were checked before. `name` is for messages.
  RpcValue read(ondemand::value from, bool compact, std::string_view name = {}) {
    RpcValue value;
    switch (from.type()) {
      case ondemand::json_type::object: {
        const std::string_view raw = from.get_object().value().raw_json();
        value.kind = Kind::object;
        if (compact) {
          value.text.assign(raw);
        } else {
          ingest::append_object(value.text, trimmed(raw), name);
        }
        break;
      }
      case ondemand::json_type::array: {
        const std::string_view raw = from.get_array().value().raw_json();
        value.kind = Kind::array;
        // Nobody takes an array, but what is no JSON is to be called so.
        if (const std::string fault = compact ? "" : ingest::json_fault(raw); !fault.empty()) {
          throw Error(ErrorCode::invalid_json, fmt::format("`{}` is no JSON: {}", name, fault));
        }
        break;
      }
      case ondemand::json_type::string:
        value.kind = Kind::text;
        value.text.assign(std::string_view(from.get_string()));
        break;
      case ondemand::json_type::number:
        return number(trimmed(from.raw_json_token()));
      case ondemand::json_type::boolean:
        static_cast<void>(bool(from.get_bool()));
        value.kind = Kind::boolean;
        break;
      case ondemand::json_type::null:
        if (trimmed(from.raw_json_token()) != "null") {
          throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
        }
        // Not by the library: its answer to a wrong word differs between versions.
        static_cast<void>(from.is_null());
        value.kind = Kind::null;
        break;
    }
    return value;
  }

  // Of the array that the body is.
  std::vector<RpcValue> elements(std::string& body) {
    body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
    const simdjson::padded_string_view view(body.data(), body.size(),
                                            body.size() + simdjson::SIMDJSON_PADDING);
    ondemand::document document = parser.iterate(view);
    if (document.type() != ondemand::json_type::array) {
      throw Error(ErrorCode::validation_error, "the body is no array",
                  R"(expected one such as ["stream.version","account-1"])");
    }
    std::vector<RpcValue> values;
    for (auto element : document.get_array()) {
      const std::string name = fmt::format("argument {}", values.size());  // behind the method
      values.push_back(read(element.value(), false, name));
    }
    // At the end there is no location any more.
    if (document.current_location().error() == simdjson::SUCCESS) {
      throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
    }
    return values;
  }
};

RpcReader::RpcReader() : state_(std::make_unique<State>()) {}
RpcReader::~RpcReader() = default;

RpcCall RpcReader::read(std::string& body) {
  std::vector<RpcValue> values;
  try {
    values = state_->elements(body);
  } catch (const simdjson::simdjson_error& error) {
    not_json(body, error);
  }
  if (values.empty()) {
    throw Error(ErrorCode::validation_error, "the array is empty, expected the name of a method");
  }
  if (values.front().kind != Kind::text) {
    throw Error(ErrorCode::validation_error, fmt::format("the method's name is {}, expected a text",
                                                         values.front().described()));
  }
  RpcCall call;
  call.method = std::move(values.front().text);
  values.erase(values.begin());
  call.arguments = std::move(values);
  return call;
}

RpcObject RpcReader::fields(const RpcValue& object) {
  std::string& text = state_->padded;
  text.assign(object.text);
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  const simdjson::padded_string_view view(text.data(), text.size(),
                                          text.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document document = state_->parser.iterate(view);
  std::vector<std::pair<std::string, RpcValue>> fields;
  for (ondemand::field field : document.get_object()) {
    std::string name(std::string_view(field.unescaped_key()));
    fields.emplace_back(std::move(name), state_->read(field.value(), true));
  }
  return RpcObject(std::move(fields));
}

}  // namespace logctl::messages
