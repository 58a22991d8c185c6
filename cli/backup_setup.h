// From the configuration to the parts that backups are made with.
#pragma once

#include "cli/context.h"
#include "shared/backup/place.h"
#include "shared/backup/repository.h"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace logctl::cli {

// Reads the key file when one is set.
backup::Repository backup_repository(const config::Config& config);
// `jobs` 0: the configured number.
std::size_t backup_jobs(const config::Config& config, std::uint32_t jobs);

}  // namespace logctl::cli
