// Which comparisons make sense: what the parsers refuse with words, and what SQL may rely on.
#pragma once

#include "shared/query/query.h"

#include <string>
#include <string_view>

namespace logctl::query {

bool is_time(Field field);
bool is_text(Field field);  // the level is text as well
// equal, less, at_most, more, at_least: those that read a time, a number or a level from the value.
bool compares_value(Op op);
// A finite number that both stores read as the same value.
bool is_number(std::string_view text);

// Empty when the filter, with all its parts, can be asked; else what is wrong with it.
std::string comparison_problem(const Filter& filter);

}  // namespace logctl::query
