// How a place inside properties is written: `properties.geo.city`, `properties."http.method"`. A
// name with a dot, a blank or another sign of the text syntax stands in quotes, where `\"` and `\\`
// are the signs themselves. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

inline constexpr std::string_view kProperties = "properties";

// `properties` and the names, each in quotes where it needs them.
std::string property_name(std::span<const std::string> path);

// Reads the names behind `properties`, each with the dot before it; a bare one ends at a dot or at
// one of `ends`. `text` loses what was read. Nothing when a bare name is empty or a quote is never
// closed: then `text` begins there.
std::optional<std::vector<std::string>> read_path(std::string_view& text, std::string_view ends);

}  // namespace logctl::query
