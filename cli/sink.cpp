#include "cli/sink.h"

#include "shared/base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <unistd.h>

namespace logctl::cli {
namespace {

constexpr std::size_t kBufferSize = 64 * 1024;

}  // namespace

void FdSink::write(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= kBufferSize) flush();
}

void FdSink::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    const int error = errno;
    buffer_.clear();
    if (error == EPIPE) throw BrokenPipe{};
    throw Error(ErrorCode::io, fmt::format("write to {}: {}", name_, errno_text(error)));
  }
  buffer_.clear();
}

}  // namespace logctl::cli
