#include "shared/base/ownership.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace logctl {

void give_to_owner_of(const std::filesystem::path& parent, const std::filesystem::path& path) {
  struct stat owner {};
  if (::geteuid() != 0 || ::stat(parent.c_str(), &owner) != 0 || owner.st_uid == 0) return;
  if (::lchown(path.c_str(), owner.st_uid, owner.st_gid) != 0) {
    throw Error(ErrorCode::io, fmt::format("give '{}' to the owner of '{}': {}", path.string(),
                                           parent.string(), errno_text(errno)));
  }
}

void give_contents_to_owner_of(const std::filesystem::path& directory) {
  if (::geteuid() != 0) return;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(directory, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator();
       entries.increment(error)) {
    give_to_owner_of(directory, entries->path());
  }
  if (error) {
    throw Error(ErrorCode::io,
                fmt::format("list '{}': {}", directory.string(), errno_text(error.value())));
  }
}

}  // namespace logctl
