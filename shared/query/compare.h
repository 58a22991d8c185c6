// What operators mean, whatever evaluates them; and which comparisons make sense: what the parsers
// refuse with words, and what SQL may rely on. Pure.
#pragma once

#include "shared/query/query.h"

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

// What a priority can be.
inline constexpr std::array<std::string_view, 2> kPriorities = {"normal", "high"};

bool is_time(Field field);
bool is_text(Field field);  // the level is text as well
// equal, less, at_most, more, at_least: those that read a time, a number or a level from the value.
bool compares_value(Op op);
// any_of, all_of, none_of.
bool is_group(Op op);

// Whether `left <=> right` is what the operator asks for; one that compares no values asks for
// equality.
bool holds(std::strong_ordering order, Op op);
// The stored names of the levels that stand so to `level`: WARN and WARNING for either.
std::vector<std::string_view> level_names(Op op, Level level);
// The one name under which the levels of a severity are counted.
std::string_view counted_level(Level level);
// The texts between the stars of a pattern, without backslashes; one when it has no star.
std::vector<std::string> pieces_of(std::string_view pattern);

// A finite number that both stores read as the same value.
bool is_number(std::string_view text);
// How a number in properties that equals `value` is written: 1e3 as 1000; any other text as it is.
std::string as_property_number(std::string_view value);

// Empty when the filter, with all its parts, can be asked; else what is wrong with it.
std::string comparison_problem(const Filter& filter);

}  // namespace logctl::query
