#include "service/http/activation.h"

#include "shared/base/error.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cstddef>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>

namespace logctl::http {
namespace {

struct Bound {
  std::string host;
  std::uint16_t port = 0;
  std::string path;  // unix socket

  std::string shown() const {
    return path.empty() ? host + ":" + std::to_string(port) : "unix://" + path;
  }
};

int option(int fd, int name) {
  int value = 0;
  socklen_t size = sizeof(value);
  return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

std::optional<Bound> bound_to(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  if (option(fd, SO_TYPE) != SOCK_STREAM || option(fd, SO_ACCEPTCONN) != 1 ||
      ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return std::nullopt;
  }
  Bound bound;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_UNIX) {
    const auto* unix_address = reinterpret_cast<const sockaddr_un*>(&address);
    const std::size_t length = size - offsetof(sockaddr_un, sun_path);
    bound.path.assign(unix_address->sun_path, ::strnlen(unix_address->sun_path, length));
    return bound;
  }
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    bound.port = ntohs(v4->sin_port);
  } else if (address.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    bound.port = ntohs(v6->sin6_port);
  } else {
    return std::nullopt;
  }
  bound.host = text.data();
  return bound;
}

bool same_address(const ListenerSpec& spec, const Bound& bound) {
  if (spec.kind == ListenerSpec::Kind::unix_socket) return spec.path == bound.path;
  // By port: the manager may have been told another spelling of the host.
  return bound.path.empty() && spec.port != 0 && spec.port == bound.port;
}

}  // namespace

void adopt_sockets(std::vector<ListenerSpec>& specs, const config::Config& config,
                   const std::vector<int>& sockets) {
  bool default_replaced = false;
  for (const int fd : sockets) {
    const std::optional<Bound> bound = bound_to(fd);
    if (!bound) {
      throw Error(ErrorCode::config,
                  "descriptor " + std::to_string(fd) +
                      " from the service manager is not a listening stream socket",
                  "the socket unit needs ListenStream=");
    }
    const auto match = std::find_if(specs.begin(), specs.end(), [&](const ListenerSpec& spec) {
      return spec.inherited < 0 && same_address(spec, *bound);
    });
    if (match != specs.end()) {
      match->inherited = fd;
      continue;
    }
    if (!config.server.listeners.empty()) {
      throw Error(ErrorCode::config,
                  "the socket " + bound->shown() +
                      " from the service manager fits no entry of server.listeners",
                  "name the same addresses in both; `logctl systemd unit logctl.socket` prints a "
                  "unit that fits");
    }
    // server.host and server.port are the first; their place is taken once.
    if (!default_replaced && specs.front().inherited < 0) {
      specs.erase(specs.begin());
    }
    default_replaced = true;
    ListenerSpec spec;
    spec.kind = bound->path.empty() ? ListenerSpec::Kind::tcp : ListenerSpec::Kind::unix_socket;
    spec.host = bound->host;
    spec.port = bound->port;
    spec.path = bound->path;
    spec.inherited = fd;
    specs.push_back(std::move(spec));
  }
}

}  // namespace logctl::http
