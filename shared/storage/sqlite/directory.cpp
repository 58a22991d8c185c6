#include "shared/storage/sqlite/directory.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ownership.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

constexpr std::string_view kSuffix = ".sqlite";

// Whether there is anything at `path`; not being allowed to look is no answer.
bool is_there(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  throw Error(ErrorCode::io, fmt::format("look at '{}': {}", path.string(), errno_text(errno)),
              errno == EACCES ? "run it as the user that the store belongs to" : "");
}

void make(const std::filesystem::path& directory) {
  if (is_there(directory)) return;
  const std::filesystem::path parent = directory.parent_path();
  make(parent);
  if (::mkdir(directory.c_str(), 0750) != 0 && errno != EEXIST) {
    throw Error(ErrorCode::io,
                fmt::format("make directory '{}': {}", directory.string(), errno_text(errno)),
                "make it by hand for the user that runs logctl, or set storage.data_dir");
  }
  give_to_owner_of(parent, directory);
  sync_directory(parent);
}

}  // namespace

std::optional<FileIdentity> identity_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

void create_file(const std::filesystem::path& file) {
  if (is_there(file)) return;
  File::open_append(file, 0640).close();
  give_to_owner_of(file.parent_path(), file);
}

void remove_log_files(const std::filesystem::path& file) {
  for (const char* suffix : {"-wal", "-shm"}) {
    const std::string name = file.string() + suffix;
    if (::unlink(name.c_str()) == 0 || errno == ENOENT) continue;
    throw Error(ErrorCode::io, fmt::format("remove '{}': {}", name, errno_text(errno)));
  }
}

Directory::Directory(std::filesystem::path root)
    : root_(std::filesystem::absolute(root).lexically_normal()), logs_(root_ / "logs") {}

void Directory::create() const { make(logs_); }
void Directory::create_indexes() const { make(indexes()); }

std::filesystem::path Directory::day_file(Day day) const {
  return logs_ / (format_day(day) + std::string(kSuffix));
}

bool Directory::has_meta_file() const { return is_there(meta_file()); }

// Many questions list the days: without the paths that std::filesystem makes of all entries.
std::vector<Day> Directory::days() const {
  const auto failure = [this] {
    return Error(ErrorCode::unavailable,
                 fmt::format("list '{}': {}", logs_.string(), errno_text(errno)));
  };
  std::vector<Day> days;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(logs_.c_str()), ::closedir);
  if (!listing) {
    if (errno == ENOENT) return days;
    throw failure();
  }
  const auto next = [&listing] {
    errno = 0;
    return ::readdir(listing.get());
  };
  while (const dirent* entry = next()) {
    std::string_view name = entry->d_name;
    if (!name.ends_with(kSuffix)) continue;
    name.remove_suffix(kSuffix.size());
    if (const auto day = parse_day(name)) days.push_back(*day);
  }
  if (errno != 0) throw failure();
  std::sort(days.begin(), days.end());
  return days;
}

}  // namespace logctl::storage::sqlite
