// Parameters as they stand in a URL or in a form.
#pragma once

#include "shared/query/parameters.h"

#include <string>
#include <string_view>

namespace logctl::cli {

// % for every byte that is not a letter, a digit, `-`, `_`, `.` or `~`.
std::string escape_url(std::string_view text);

// name=value&name=value
std::string url_form(const query::Parameters& parameters);

}  // namespace logctl::cli
