#include "service/manager_environment.h"

#include <charconv>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace logctl {
namespace {

constexpr int kFirstSocket = 3;  // SD_LISTEN_FDS_START
constexpr long long kMostSockets = 1024;

std::string_view variable(const char* name) {
  const char* const text = std::getenv(name);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

std::optional<long long> number(const char* name) {
  const std::string_view text = variable(name);
  long long value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

bool for_us(const char* name) {
  const auto pid = number(name);
  return !pid || *pid == ::getpid();
}

}  // namespace

ManagerEnvironment manager_environment() {
  ManagerEnvironment found;
  found.notify_socket = variable("NOTIFY_SOCKET");
  if (for_us("WATCHDOG_PID")) found.watchdog = microseconds(number("WATCHDOG_USEC").value_or(0));
  // Without LISTEN_PID nobody knows whom they are for.
  if (number("LISTEN_PID") == ::getpid()) {
    const long long count = std::min(number("LISTEN_FDS").value_or(0), kMostSockets);
    for (int fd = kFirstSocket; fd < kFirstSocket + count; ++fd) {
      if (::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) found.sockets.push_back(fd);
    }
  }
  return found;
}

}  // namespace logctl
