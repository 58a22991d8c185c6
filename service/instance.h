// Which daemon this is, across restarts: the name under which the store's books know its records.
#pragma once

#include "shared/base/clock.h"
#include "shared/storage/process_lock.h"

#include <filesystem>
#include <string>

namespace logctl {

// Makes the data directory when it is missing and takes it for this daemon alone, until it ends:
// two would write the same books. Throws Error{locked} naming the other, Error{io}.
storage::ProcessLock claim_directory(const std::filesystem::path& directory, const Clock& clock);

// The UUID in `directory`/instance.id, made on the first start. Throws Error{io} when it can be
// neither read nor kept.
std::string instance_id(const std::filesystem::path& directory, const Clock& clock);

}  // namespace logctl
