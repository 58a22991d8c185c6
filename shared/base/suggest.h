// "Did you mean": the nearest of a list of known names.
#pragma once

#include <span>
#include <string_view>

namespace logctl {

// The candidate with the smallest edit distance (insert, delete, change, swap of neighbours), or an
// empty view when none is near enough to be a likely typing error.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace logctl
