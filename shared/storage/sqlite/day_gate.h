// The gate to day files: nobody opens one while it is being removed.
//
// Any thread; two opens in one process exclude each other too.
#pragma once

#include "shared/base/file.h"
#include "shared/storage/process_lock.h"

#include <filesystem>
#include <optional>

namespace logctl::storage::sqlite {

// Whoever opens one goes through it shared, for as long as the opening
// takes; whoever removes one holds it alone: so that nobody has a file together with the
// write-ahead log of the one that comes after it. Waits a few seconds, then throws Error{locked}.
class DayGate {
 public:
  // `logs`: the folder of the day files. Shared, it is no obstacle where there is no lock file or
  // none that may be opened: nobody can remove days there.
  DayGate(const std::filesystem::path& logs, Sharing sharing);

 private:
  std::optional<File> file_;  // closing it ends the lock
};

}  // namespace logctl::storage::sqlite
