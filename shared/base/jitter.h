// Pauses before another try, spread so that many clients of one server do not come back together.
#pragma once

#include "shared/base/clock.h"

namespace logctl {

// Between half of `pause` and one and a half of it. Thread-safe.
microseconds jittered(microseconds pause);

}  // namespace logctl
