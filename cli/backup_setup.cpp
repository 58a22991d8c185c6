#include "cli/backup_setup.h"

#include "shared/backup/directory.h"

#include <optional>
#include <utility>

namespace logctl::cli {

backup::Repository backup_repository(const config::Config& config) {
  std::optional<backup::Key> key;
  if (!config.backup.key_file.empty()) key = backup::Key::read(config.backup.key_file);
  return {backup::directory_of(config), std::move(key)};
}

std::size_t backup_jobs(const config::Config& config, std::uint32_t jobs) {
  return jobs != 0 ? jobs : config.backup.jobs;
}

}  // namespace logctl::cli
