// How much text one page of records may hold, so that an answer's memory is bounded whatever the
// records' size. Pages in keyset order end early and say where to go on; others cannot, and fail.
#pragma once

#include "shared/base/error.h"

#include <cstddef>

namespace logctl::storage {

// Of the batch's arena. The record that reaches it is still part of the page.
constexpr std::size_t kMostPageBytes = 32 * 1024 * 1024;

inline Error page_too_large() {
  return Error(ErrorCode::validation_error, "the page of records is over 32 MiB",
               "ask for a smaller page_size, or page by cursor");
}

}  // namespace logctl::storage
