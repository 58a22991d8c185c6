#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <unistd.h>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kBusyTimeout = seconds(5);

// A store that may not be looked at is not one that does not exist.
void require_access(const std::filesystem::path& file) {
  if (::access(file.c_str(), R_OK) == 0 || (errno != EACCES && errno != EPERM)) return;
  throw Error(ErrorCode::io, fmt::format("read '{}': {}", file.string(), errno_text(errno)),
              "run this as the user that the daemon runs as");
}

}  // namespace

Connection open_meta(const Directory& directory, Access access) {
  if (access == Access::read_only) {
    require_access(directory.meta_file());
    if (!identity_of(directory.meta_file())) {
      throw Error(ErrorCode::not_found,
                  fmt::format("there is no store in '{}'", directory.root().string()),
                  "`logctl serve` or `logctl migrate up` makes one; storage.data_dir says where");
    }
    return Connection(directory.meta_file(), Mode::read_only, kBusyTimeout);
  }
  Connection connection(directory.meta_file(), Mode::create, kBusyTimeout);
  use_write_ahead_log(connection, kBusyTimeout);
  connection.execute("PRAGMA synchronous = FULL");
  return connection;
}

}  // namespace logctl::storage::sqlite
