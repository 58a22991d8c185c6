// Which daemon this is, across restarts: the name under which the store's books know its records.
#pragma once

#include "shared/base/clock.h"

#include <filesystem>
#include <string>

namespace logctl {

// The UUID in `directory`/instance.id, made on the first start together with a missing directory.
// Throws Error{io} when it can be neither read nor kept.
std::string instance_id(const std::filesystem::path& directory, const Clock& clock);

}  // namespace logctl
