#include "shared/storage/process_lock.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <sys/file.h>
#include <thread>

namespace logctl::storage {
namespace {

using std::chrono::steady_clock;

constexpr milliseconds kPause(10);

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

std::optional<ProcessLock> ProcessLock::take(const std::filesystem::path& path, microseconds wait,
                                             Timestamp now) {
  File file = File::open_append(path, 0640);
  const auto deadline = steady_clock::now() + wait;
  while (!try_lock(file, Sharing::exclusive)) {
    if (steady_clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(kPause);
  }
  file.truncate(0);
  file.write_all(encode(this_process(now)) + "\n");
  return ProcessLock(std::move(file));
}

std::optional<LockHolder> ProcessLock::holder(const std::filesystem::path& path) {
  try {
    const File file = File::open_read(path);
    // A shared lock for a moment: two that look do not see each other.
    if (try_lock(file, Sharing::shared)) return std::nullopt;
    return decode_holder(read_file(path));
  } catch (const Error&) {
    return std::nullopt;  // never locked, or not ours to read
  }
}

std::filesystem::path daemon_lock_file(const std::filesystem::path& directory) {
  return directory / "daemon.lock";
}

void require_no_daemon(const std::filesystem::path& directory, std::string_view work) {
  const auto holder = ProcessLock::holder(daemon_lock_file(directory));
  if (!holder) return;
  throw Error(
      ErrorCode::locked,
      fmt::format("{}: a daemon uses '{}': {}", work, directory.string(), describe(*holder)),
      "stop it first: `systemctl stop logctl`");
}

}  // namespace logctl::storage
