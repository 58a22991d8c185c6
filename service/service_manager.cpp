#include "service/service_manager.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>
#include <ctime>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace logctl {

ServiceManager::ServiceManager(std::string socket) : socket_(std::move(socket)) {}

void ServiceManager::send(std::string_view message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_.size() < 2 || socket_.size() >= sizeof(address.sun_path)) return;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // Never waits: a manager that does not read must not stop us.
  const ssize_t sent = ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                                reinterpret_cast<const sockaddr*>(&address), length);
  static_cast<void>(sent);
  ::close(fd);
}

void ServiceManager::ready() { send("READY=1"); }

void ServiceManager::reloading() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}",
                   static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000));
}

void ServiceManager::stopping(microseconds grace) {
  send(fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}", grace.count()));
}

void ServiceManager::extend(microseconds more) {
  send(fmt::format("EXTEND_TIMEOUT_USEC={}", more.count()));
}

void ServiceManager::watchdog() { send("WATCHDOG=1"); }

void ServiceManager::status(std::string_view text) {
  const Lock lock(mutex_);
  if (text == last_status_) return;
  last_status_ = text;
  send(fmt::format("STATUS={}", text));
}

}  // namespace logctl
