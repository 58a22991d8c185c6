// Variables of the systems that logctl replaces which have no effect here: said to whoever checks
// the configuration, so that nobody relies on them. Never an error.
#pragma once

#include "shared/config/load.h"

#include <string>
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

// What is said of options of `database` that somebody set although neither database.host nor
// database.url is: the store is SQLite then. It names the variable, `--set` or the place in the
// file.
std::vector<std::string> idle_database_notes(const Loaded& loaded);

}  // namespace logctl::config
