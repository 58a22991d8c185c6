// Numbers of JSON by their value, exactly and of any length, as PostgreSQL's numeric has them.
// Pure.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace logctl::query {

// What the grammar of JSON allows: 7, -1.50, 2e3; neither 07 nor .5 nor +1.
bool is_json_number(std::string_view text);

// The number without an exponent; digits behind the point stay: 1e3 is 1000, 1.50 is 1.50, -0 is 0.
// `number` holds digits, at most one point, and an exponent or not.
std::string plain_number(std::string_view number);

// By value: 1.0 equals 1e0.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b);

}  // namespace logctl::query
