#include "service/instance.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ids.h"

#include <system_error>

namespace logctl {
namespace {

constexpr unsigned kMode = 0640;

}  // namespace

std::string instance_id(const std::filesystem::path& directory, const Clock& clock) {
  const std::filesystem::path file = directory / "instance.id";
  std::error_code failed;
  if (std::filesystem::exists(file, failed)) {
    std::string id = read_file(file);
    while (id.ends_with('\n')) id.pop_back();
    if (!id.empty()) return id;
  }
  if (std::filesystem::create_directories(directory, failed)) {
    std::filesystem::permissions(directory, std::filesystem::perms(0750), failed);
  }
  if (failed) {
    throw Error(ErrorCode::io,
                "make directory '" + directory.string() + "': " + errno_text(failed.value()),
                "make it by hand for the user that runs logctl, or set storage.data_dir");
  }
  std::string id = uuid_v7(clock.now());
  replace_file(file, id + "\n", kMode);
  return id;
}

}  // namespace logctl
