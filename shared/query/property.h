// One value out of a record's properties: what every kind of evaluation compares, whatever the
// store. Pure; any thread may call.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::query {

struct Property {
  enum class Kind : std::uint8_t { absent, text, number, boolean, container };
  Kind kind = Kind::absent;  // absent: also null, and where the path ends in something else
  // What is compared: the text without quotes and escapes, the number without an exponent, `true`
  // or `false`; nothing for objects and arrays.
  std::string text;
};

// `properties` is a JSON object as text, or empty. Of equal names the last one counts.
Property find_property(std::string_view properties, std::span<const std::string> path);

// Every value at the top level, in its order.
void each_property(std::string_view properties,
                   const std::function<void(std::string_view name, const Property&)>& take);

// Whether `text` is one JSON object and nothing else, checked to its last byte.
bool is_json_object(std::string_view text);

}  // namespace logctl::query
