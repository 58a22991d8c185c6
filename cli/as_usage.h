// What the command line was given and the core refused is a usage error.
#pragma once

#include "shared/base/error.h"
#include "shared/query/syntax.h"

#include <string_view>

namespace logctl::cli {

// Runs `work`; its Error{validation_error} comes out as Error{usage}, with the argument that holds
// a query in front when that cannot be read.
template <typename Work>
auto as_usage(Work work, std::string_view query = "query") {
  try {
    return work();
  } catch (const query::SyntaxError& error) {
    const Error named = error.within(query);
    throw Error(ErrorCode::usage, named.message(), named.hint());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::validation_error) throw;
    throw Error(ErrorCode::usage, error.message(), error.hint());
  }
}

}  // namespace logctl::cli
