// Units for systemd that fit a configuration: what is written, where is listened, which secrets.
#pragma once

#include "shared/config/load.h"

#include <string>
#include <vector>

namespace logctl::cli {

struct UnitSettings {
  std::string binary = "/usr/bin/logctl";
  config::Loaded loaded;
  // To tell what an option came from a file of.
  config::Environment environment;
};

// What the package holds: the defaults, with the data in /var/lib/logctl.
UnitSettings packaged_units();

// The names that systemd_unit knows: logctl.service, logctl.socket, ...
std::vector<std::string> unit_names();
// Throws Error{internal} for another name.
std::string systemd_unit(const UnitSettings& settings, const std::string& name);

}  // namespace logctl::cli
