// A lock on a file, which ends with the process that holds it, however that ends.
//
// Any thread; two opens in one process exclude each other too.
#pragma once

#include "shared/base/file.h"

#include <filesystem>
#include <optional>

namespace logctl::storage::sqlite {

enum class Sharing { shared, exclusive };

// Not waiting; false when somebody else is in the way. Throws Error{io}.
bool try_lock(const File& file, Sharing sharing);

// The gate to day files. Whoever opens one goes through it shared, for as long as the opening
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
