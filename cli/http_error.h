// What the status of an answer that is no success means here.
#pragma once

#include "shared/base/error.h"

namespace logctl::cli {

// Whatever may succeed later is `unavailable` or `timeout`.
ErrorCode error_of_status(int http_status);

}  // namespace logctl::cli
