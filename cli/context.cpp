#include "cli/context.h"

#include "cli/config_checks.h"

#include <unistd.h>

namespace logctl::cli {

config::Sources Context::sources() const {
  config::Sources sources;
  sources.file = globals_.config_file;
  sources.set = globals_.set;
  sources.environment = environment_;
  sources.root = ::geteuid() == 0;
  sources.check = check_values;
  return sources;
}

const config::Loaded& Context::loaded() {
  if (!loaded_) loaded_ = config::load(sources());
  return *loaded_;
}

}  // namespace logctl::cli
