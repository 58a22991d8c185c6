// Times as people say them: "3m ago", "in 2d".
#pragma once

#include "shared/base/clock.h"

#include <string>

namespace logctl::cli {

// In the largest unit of which there are two or more, up to days; "now" within a second.
std::string relative_time(Timestamp time, Timestamp now);

}  // namespace logctl::cli
