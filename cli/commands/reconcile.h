// Compares the accounting with what is really there: rows, and frames of the spool.
#pragma once

#include "cli/context.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

// One line of what `doctor` says.
struct Finding {
  enum class State { ok, warning, failed };
  std::string check;
  State state = State::ok;
  std::string detail;
  std::string advice = {};  // what to do about it

  std::string_view state_name() const {
    return state == State::ok ? "ok" : state == State::warning ? "warning" : "failed";
  }
};

// For each tenant: the law received = stored + duplicate + rejected, and rows = stored - deleted.
// For the spool here: what was ever written to it is in the books or still waits. A daemon may be
// running.
std::vector<Finding> reconcile(Context& context);

}  // namespace logctl::cli
