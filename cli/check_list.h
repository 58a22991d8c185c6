// A list of checks: what was found, and what to do about it.
#pragma once

#include "cli/output.h"

#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {

struct CheckRow {
  std::string check;
  std::string_view state;
  std::string detail;
  std::string advice;  // empty: none
};

// On a terminal nothing is cut: what has no room goes on in the next line, the advice has lines of
// its own. The other formats have the columns check, state, detail and advice.
void print_checks(Output& out, const std::vector<CheckRow>& rows);

}  // namespace logctl::cli
