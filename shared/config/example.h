// The configuration file that explains itself: every option with help and default, commented out.
#pragma once

#include <string>

namespace logctl::config {

std::string example_yaml();

}  // namespace logctl::config
