// Variables of the systems that logctl replaces which have no effect here: said to whoever checks
// the configuration, so that nobody relies on them. Never an error.
#pragma once

#include "shared/config/load.h"

#include <string_view>
#include <vector>

namespace logctl::config {

struct IgnoredVariable {
  std::string_view name;
  std::string_view reason;  // lower case, without a full stop
  bool common = false;      // many other programs have one of that name
};

// Those that are set, in the order of the table.
std::vector<IgnoredVariable> ignored_variables(const Environment& environment);

}  // namespace logctl::config
