// What a SQLSTATE means for us: which Error it becomes, whether trying again may help, whether one
// row is to blame. The one place that knows the codes.
#pragma once

#include "shared/base/error.h"

#include <string>
#include <string_view>

namespace logctl::storage::postgres {

enum class Fault {
  connection,  // the connection is or will be gone; another one may work
  transient,   // a conflict or a shortage; the same again may work
  duplicate,   // 23505
  no_partition,
  data,     // the server refuses a value of a row
  timeout,  // statement_timeout or a cancel
  refused,  // everything else; trying again does not help
};

// An empty code means that the server said nothing, that is, the connection broke.
// `names_constraint`: a violated check names one, a missing partition has the same code and does
// not.
Fault classify(std::string_view sqlstate, bool names_constraint = true);

// Whether a write that failed may succeed when it is tried again. A cancelled one was cancelled by
// a person or a tool: we set no time-out for writes.
bool may_retry(Fault fault);

// The server's error as ours: `what` says what was tried.
Error to_error(std::string_view what, std::string_view sqlstate, std::string_view message);

// The first line of a libpq message, without the severity in front.
std::string_view first_line(std::string_view message);

}  // namespace logctl::storage::postgres
