// What the command line was given and the core refused is a usage error.
#pragma once

#include "shared/base/error.h"

namespace logctl::cli {

// Runs `work`; its Error{validation_error} comes out as Error{usage}.
template <typename Work>
auto as_usage(Work work) {
  try {
    return work();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::validation_error) throw;
    throw Error(ErrorCode::usage, error.message(), error.hint());
  }
}

}  // namespace logctl::cli
