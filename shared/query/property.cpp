#include "shared/query/property.h"

#include "shared/query/number.h"

#include <simdjson.h>

#include <optional>

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

constexpr std::string_view kBlank = " \t\r\n";

// Where the value behind the key that ends at `end` begins; nothing when that is no key.
std::optional<std::size_t> value_behind(std::string_view text, std::size_t end) {
  const std::size_t colon = text.find_first_not_of(kBlank, end);
  if (colon == std::string_view::npos || text[colon] != ':') return std::nullopt;
  const std::size_t value = text.find_first_not_of(kBlank, colon + 1);
  return value == std::string_view::npos ? std::nullopt : std::optional(value);
}

// Nothing for what begins no plain value.
std::optional<Property> read_plain(std::string_view text) {
  using Kind = Property::Kind;
  switch (text.front()) {
    case '"':
      return Property{Kind::text, std::string(text.substr(1, text.find('"', 1) - 1))};
    case 't':
      return Property{Kind::boolean, "true"};
    case 'f':
      return Property{Kind::boolean, "false"};
    case 'n':
      return Property{};
    default:
      break;
  }
  if (std::string_view("-0123456789").find(text.front()) == std::string_view::npos) {
    return std::nullopt;
  }
  return Property{Kind::number, plain_number(text.substr(0, text.find_first_of(", \t\r\n}")))};
}

// Most properties are one object of plain values: there, the last `"key"` with a colon behind it is
// what is looked for. Nothing when it takes a parser to say so.
std::optional<Property> find_in_flat(std::string_view text, std::string_view key) {
  // With these in front, what looks like the key could begin at the end of another text.
  if (key.empty() || key.find_first_of("\"\\") != std::string_view::npos) return std::nullopt;
  if (std::string_view(" \t\r\n,:{}[]").find(key.front()) != std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t begin = text.find('{');
  if (begin == std::string_view::npos) return std::nullopt;
  for (const char sign : {'\\', '{', '['}) {
    if (text.find(sign, begin + 1) != std::string_view::npos) return std::nullopt;
  }
  for (std::size_t at = text.rfind(key); at != std::string_view::npos && at > begin + 1;
       at = text.rfind(key, at - 1)) {
    const std::size_t end = at + key.size();
    if (text[at - 1] != '"' || end >= text.size() || text[end] != '"') continue;
    if (const auto value = value_behind(text, end + 1)) return read_plain(text.substr(*value));
  }
  return Property{};
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

// The parser looks only at what it is asked for. It throws for what is no JSON, but for numbers,
// which it would take only up to 64 bits.
bool is_whole(ondemand::value value) {
  switch (value.type()) {
    case ondemand::json_type::array:
      for (auto element : value.get_array()) {
        if (!is_whole(element.value())) return false;
      }
      return true;
    case ondemand::json_type::object:
      for (auto field : value.get_object()) {
        static_cast<void>(std::string_view(field.unescaped_key()));
        if (!is_whole(field.value())) return false;
      }
      return true;
    case ondemand::json_type::number: {
      std::string_view token = value.raw_json_token();
      return is_json_number(token.substr(0, token.find_last_not_of(kBlank) + 1));
    }
    case ondemand::json_type::string:
      static_cast<void>(std::string_view(value.get_string()));
      return true;
    case ondemand::json_type::boolean:
      static_cast<void>(bool(value.get_bool()));
      return true;
    case ondemand::json_type::null: {
      const std::string_view token = value.raw_json_token();
      static_cast<void>(value.is_null());
      return token.substr(0, token.find_last_not_of(kBlank) + 1) == "null";
    }
  }
  return false;
}

// Hands over the document that the text is. False for what is no JSON as far as it was read.
template <typename Read>
bool with_document(std::string_view text, Read read) {
  thread_local ondemand::parser parser;
  thread_local std::string padded;
  padded.assign(text);
  padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
  try {
    ondemand::document document = parser.iterate(padded.data(), text.size(), padded.size());
    return read(document);
  } catch (const simdjson::simdjson_error&) {
    return false;
  }
}

// Hands over the object that the text is; in what a store would not take, nothing can be found.
template <typename Read>
void with_object(std::string_view text, Read read) {
  with_document(text, [&](ondemand::document& document) {
    read(document.get_object().value());
    return true;
  });
}

}  // namespace

Property find_property(std::string_view properties, std::span<const std::string> path) {
  if (properties.empty() || path.empty()) return {};
  if (path.size() == 1) {
    if (auto found = find_in_flat(properties, path.front())) return std::move(*found);
  }
  Property found;
  with_object(properties, [&](ondemand::object object) { found = find(object, path); });
  return found;
}

void each_property(std::string_view properties,
                   const std::function<void(std::string_view name, const Property&)>& take) {
  if (properties.empty()) return;
  with_object(properties, [&](ondemand::object object) {
    for (auto field : object) {
      const std::string_view name = field.unescaped_key();
      take(name, read(field.value()));
    }
  });
}

bool is_json_object(std::string_view text) {
  return with_document(text, [](ondemand::document& document) {
    if (document.type() != ondemand::json_type::object) return false;
    for (auto field : document.get_object()) {
      static_cast<void>(std::string_view(field.unescaped_key()));
      if (!is_whole(field.value())) return false;
    }
    // At the end there is no location any more.
    return document.current_location().error() != simdjson::SUCCESS;
  });
}

}  // namespace logctl::query
