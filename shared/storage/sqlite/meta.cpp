#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kBusyTimeout = seconds(5);

}  // namespace

Connection open_meta(const Directory& directory, Access access) {
  if (access == Access::read_only) {
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
