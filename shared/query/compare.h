// Which comparisons make sense: what the parsers refuse with words, and what SQL may rely on.
#pragma once

#include "shared/query/query.h"

#include <string>

namespace logctl::query {

bool is_time(Field field);
bool is_text(Field field);  // the level is text as well

// Empty when the filter, with all its parts, can be asked; else what is wrong with it.
std::string comparison_problem(const Filter& filter);

}  // namespace logctl::query
