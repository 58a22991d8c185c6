#include "shared/base/file.h"

#include "shared/base/errno_hint.h"
#include "shared/base/error.h"
#include "shared/base/file_system.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <utility>

namespace logctl {
namespace {

[[noreturn]] void fail(std::string_view operation, const std::filesystem::path& path) {
  const int error = errno;
  const ErrorCode code = error == ENOENT                      ? ErrorCode::not_found
                         : error == ENOSPC || error == EDQUOT ? ErrorCode::disk_full
                                                              : ErrorCode::io;
  throw Error(code, std::string(operation) + " '" + path.string() + "': " + errno_text(error),
              std::string(errno_hint(error)));
}

File open_or_fail(std::string_view operation, const std::filesystem::path& path, int flags,
                  unsigned mode) {
  int fd = -1;
  do {
    fd = ::open(path.c_str(), flags | O_CLOEXEC, static_cast<mode_t>(mode));
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) fail(operation, path);
  return File(fd, path);
}

}  // namespace

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = std::exchange(other.fd_, -1);
    path_ = std::move(other.path_);
  }
  return *this;
}

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File File::open_read(const std::filesystem::path& path) {
  return open_or_fail("open", path, O_RDONLY, 0);
}

File File::open_read_write(const std::filesystem::path& path) {
  return open_or_fail("open for writing", path, O_RDWR, 0);
}

File File::create(const std::filesystem::path& path, unsigned mode) {
  return open_or_fail("create", path, O_RDWR | O_CREAT | O_TRUNC, mode);
}

File File::open_append(const std::filesystem::path& path, unsigned mode) {
  return open_or_fail("open for append", path, O_WRONLY | O_CREAT | O_APPEND, mode);
}

std::size_t File::read(std::span<char> out) {
  while (true) {
    const ssize_t n = ::read(fd_, out.data(), out.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) fail("read", path_);
  }
}

void File::write_all(std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd_, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write", path_);
    data.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::size_t File::read_at(std::uint64_t offset, std::span<char> out) const {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n =
        ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("read", path_);
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

void File::write_at(std::uint64_t offset, std::span<const std::string_view> parts) {
  std::array<iovec, 256> vectors;
  std::size_t next = 0;  // the first part that is not written as a whole
  std::size_t done = 0;  // of that part
  while (next < parts.size()) {
    const std::size_t count = std::min(vectors.size(), parts.size() - next);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view part = parts[next + i].substr(i == 0 ? done : 0);
      vectors[i] = {const_cast<char*>(part.data()), part.size()};
    }
    const ssize_t n =
        ::pwritev(fd_, vectors.data(), static_cast<int>(count), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail("write", path_);
    offset += static_cast<std::uint64_t>(n);
    done += static_cast<std::size_t>(n);
    while (next < parts.size() && done >= parts[next].size()) done -= parts[next++].size();
  }
}

void File::allocate(std::uint64_t size) {
  int result = 0;
  do {
    result = ::fallocate(fd_, 0, 0, static_cast<off_t>(size));
  } while (result != 0 && errno == EINTR);
  if (result == 0) return;
  if (errno != EOPNOTSUPP && errno != ENOSYS) fail("allocate", path_);
  if (this->size() < size) truncate(size);
}

void File::truncate(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) fail("truncate", path_);
}

void File::sync() {
  if (::fdatasync(fd_) != 0) fail("sync", path_);
}

void File::close() {
  if (fd_ < 0) return;
  if (::close(std::exchange(fd_, -1)) != 0) fail("close", path_);
}

std::uint64_t File::size() const {
  struct stat info {};
  if (::fstat(fd_, &info) != 0) fail("stat", path_);
  return static_cast<std::uint64_t>(info.st_size);
}

void sync_directory(const std::filesystem::path& directory) {
  const File dir = open_or_fail("open directory", directory, O_RDONLY | O_DIRECTORY, 0);
  if (::fsync(dir.fd()) != 0) fail("sync directory", directory);
}

void replace_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  replace_file(real_file_system(), path, content, mode);
}

std::string read_file(const std::filesystem::path& path) {
  File file = File::open_read(path);
  std::string content;
  std::size_t used = 0;
  while (true) {
    content.resize(used + 64 * 1024);
    const std::size_t n = file.read(std::span(content).subspan(used));
    used += n;
    if (n == 0) break;
  }
  content.resize(used);
  return content;
}

}  // namespace logctl
