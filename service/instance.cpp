#include "service/instance.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ids.h"

#include <system_error>
#include <utility>

namespace logctl {
namespace {

constexpr unsigned kMode = 0640;
constexpr microseconds kPatience = seconds(1);  // for one that is looked at, or is just ending

}  // namespace

storage::ProcessLock claim_directory(const std::filesystem::path& directory, const Clock& clock) {
  std::error_code failed;
  if (std::filesystem::create_directories(directory, failed)) {
    std::filesystem::permissions(directory, std::filesystem::perms(0750), failed);
  }
  if (failed) {
    throw Error(ErrorCode::io,
                "make directory '" + directory.string() + "': " + errno_text(failed.value()),
                "make it by hand for the user that runs logctl, or set storage.data_dir");
  }
  const std::filesystem::path file = storage::daemon_lock_file(directory);
  auto lock = storage::ProcessLock::take(file, kPatience, clock.now());
  if (lock) return std::move(*lock);
  const auto holder = storage::ProcessLock::holder(file);
  throw Error(ErrorCode::locked,
              "the data directory '" + directory.string() + "' is in use by another daemon: " +
                  (holder ? storage::describe(*holder) : std::string("one that is just ending")),
              "stop that one, or give this one a storage.data_dir of its own");
}

std::string instance_id(const std::filesystem::path& directory, const Clock& clock) {
  const std::filesystem::path file = directory / "instance.id";
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) {
    std::string id = read_file(file);
    while (id.ends_with('\n')) id.pop_back();
    if (!id.empty()) return id;
  }
  std::string id = uuid_v7(clock.now());
  replace_file(file, id + "\n", kMode);
  return id;
}

}  // namespace logctl
