// What to do about an errno value of a file operation. Pure.
#pragma once

#include <cerrno>
#include <string_view>

namespace logctl {

// Empty when that depends on the operation.
inline std::string_view errno_hint(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "run it as the user that it belongs to";
    case ENOSPC:
      return "make room on that disk";
    case EDQUOT:
      return "make room, or have the quota raised";
    case ENOTDIR:
      return "a part of that path is a file: name another place, or move the file away";
    case ELOOP:
      return "a symbolic link there leads back to itself";
    case EROFS:
      return "that file system is mounted read-only";
    default:
      return {};
  }
}

}  // namespace logctl
