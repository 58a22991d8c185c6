// The days that have a file, listed anew only when their directory has changed: for questions that
// take less time than listing a year of days.
//
// Any thread may call. What another process has made or removed before the call is known.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/sqlite/directory.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace logctl::storage::sqlite {

class DayList {
 public:
  // `directory` must outlive it.
  explicit DayList(const Directory& directory) : directory_(directory) {}

  // Oldest first.
  std::vector<Day> days();

 private:
  struct Stamp {
    FileIdentity identity;
    std::int64_t changed = 0;  // nanoseconds since 1970
    bool operator==(const Stamp&) const = default;
  };
  static std::optional<Stamp> stamp_of(const std::filesystem::path& directory);

  const Directory& directory_;
  Mutex mutex_;
  std::optional<Stamp> stamp_ GUARDED_BY(mutex_);  // of what days_ lists
  std::vector<Day> days_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
