// Where the configuration keeps backups.
#pragma once

#include "shared/config/config.h"
#include "shared/config/target.h"

#include <filesystem>

namespace logctl::backup {

inline std::filesystem::path directory_of(const config::Config& config) {
  if (!config.backup.dir.empty()) return config.backup.dir;
  return config::home_directory(config) / "backups";
}

}  // namespace logctl::backup
