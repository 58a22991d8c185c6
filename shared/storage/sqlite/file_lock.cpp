#include "shared/storage/sqlite/file_lock.h"

#include "shared/base/error.h"
#include "shared/storage/sqlite/directory.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <thread>

namespace logctl::storage::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPatience = seconds(10);
constexpr milliseconds kPause(2);
constexpr const char* kGate = ".gate";

}  // namespace

bool try_lock(const File& file, Sharing sharing) {
  const int how = (sharing == Sharing::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(file.fd(), how) != 0) {
    if (errno == EWOULDBLOCK) return false;
    if (errno != EINTR) {
      throw Error(ErrorCode::io,
                  fmt::format("lock '{}': {}", file.path().string(), errno_text(errno)));
    }
  }
  return true;
}

DayGate::DayGate(const std::filesystem::path& logs, Sharing sharing) {
  const std::filesystem::path path = logs / kGate;
  if (sharing == Sharing::exclusive) create_file(path);
  try {
    file_ = File::open_read(path);
  } catch (const Error&) {
    if (sharing == Sharing::exclusive) throw;
    return;
  }
  const auto deadline = steady_clock::now() + kPatience;
  while (!try_lock(*file_, sharing)) {
    if (steady_clock::now() >= deadline) {
      throw Error(ErrorCode::locked,
                  fmt::format("'{}' is held by somebody else for too long", path.string()));
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace logctl::storage::sqlite
