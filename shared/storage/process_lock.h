// A lock file that names the process that holds it. The lock ends with the process, in whatever
// way; the file stays.
//
// Ownership: closed with the object. One thread at a time. Errors: those of base/file.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/file.h"
#include "shared/storage/lock_holder.h"

#include <filesystem>
#include <optional>

namespace logctl::storage {

enum class Sharing { shared, exclusive };

// Not waiting; false when somebody else is in the way, be it in this process. Closing the file ends
// the lock. Throws Error{io}.
bool try_lock(const File& file, Sharing sharing);

class ProcessLock {
 public:
  // Nothing when another process still has it after `wait`. Makes the file when it is missing.
  static std::optional<ProcessLock> take(const std::filesystem::path& path, microseconds wait,
                                         Timestamp now);
  // Who has it at this moment; nothing when nobody does or it cannot be read.
  static std::optional<LockHolder> holder(const std::filesystem::path& path);

 private:
  explicit ProcessLock(File file) : file_(std::move(file)) {}
  File file_;
};

// Held by a daemon for its data directory (config::home_directory), whatever its store is.
std::filesystem::path daemon_lock_file(const std::filesystem::path& directory);
// Throws Error{locked} when a daemon runs in the directory: `work` ("restore") would pull the store
// away from under it.
void require_no_daemon(const std::filesystem::path& directory, std::string_view work);

}  // namespace logctl::storage
