#include "shared/storage/sqlite/day_list.h"

#include <chrono>
#include <sys/stat.h>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// The time of a change is as coarse as the file system has it: soon after one, another may have the
// same time. Two seconds is the coarsest there is.
constexpr std::chrono::seconds kSettled(2);

std::int64_t now_nanoseconds() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

std::optional<DayList::Stamp> DayList::stamp_of(const std::filesystem::path& directory) {
  struct stat info {};
  if (::stat(directory.c_str(), &info) != 0) return std::nullopt;
  const std::chrono::nanoseconds changed =
      std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec);
  return Stamp{{info.st_dev, info.st_ino}, changed.count()};
}

std::vector<Day> DayList::days() {
  const std::optional<Stamp> stamp = stamp_of(directory_.logs());
  {
    const Lock lock(mutex_);
    if (stamp && stamp == stamp_) return days_;
  }
  const std::int64_t listed = now_nanoseconds();
  std::vector<Day> days = directory_.days();
  const std::int64_t settled = std::chrono::nanoseconds(kSettled).count();
  const Lock lock(mutex_);
  stamp_.reset();
  if (stamp && listed - stamp->changed > settled) {
    stamp_ = stamp;
    days_ = days;
  }
  return days;
}

}  // namespace logctl::storage::sqlite
