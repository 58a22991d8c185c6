#include "shared/backup/scratch_folder.h"

#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/ids.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <sys/file.h>
#include <system_error>

namespace logctl::backup {
namespace {

constexpr std::string_view kPrefix = "scratch-";

bool locks(const File& file) { return ::flock(file.fd(), LOCK_EX | LOCK_NB) == 0; }

void remove_dead(const std::filesystem::path& parent) {
  for (const std::string& name : real_file_system().list(parent)) {
    if (!name.starts_with(kPrefix)) continue;
    try {
      // One without a lock file has only just been made.
      const File lock = File::open_read(parent / name / "lock");
      std::error_code ignored;
      if (locks(lock)) std::filesystem::remove_all(parent / name, ignored);
    } catch (const Error&) {
    }
  }
}

}  // namespace

ScratchFolder::ScratchFolder(const std::filesystem::path& parent) {
  remove_dead(parent);
  std::array<unsigned char, 6> bytes{};
  random_bytes(bytes);
  path_ = parent / fmt::format("{}{}", kPrefix, to_hex(bytes));
  real_file_system().make_directories(path_, 0700);
  lock_ = File::create(path_ / "lock", 0600);
  locks(lock_);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace logctl::backup
