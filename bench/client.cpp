#include "bench/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace logctl::bench {
namespace {

constexpr timeval kPatience{30, 0};  // for one answer

bool send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::size_t content_length(std::string head) {
  std::transform(head.begin(), head.end(), head.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const std::size_t found = head.find("content-length:");
  if (found == std::string::npos) return 0;
  return std::strtoull(head.c_str() + found + 15, nullptr, 10);
}

Answer receive(int fd) {
  std::string bytes;
  std::size_t head_end = std::string::npos;
  std::size_t total = 0;
  char buffer[16 * 1024];
  while (head_end == std::string::npos || bytes.size() < total) {
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) return {};
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (head_end != std::string::npos) continue;
    head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos) continue;
    total = head_end + 4 + content_length(bytes.substr(0, head_end));
  }
  if (bytes.size() <= 12) return {};
  return {std::atoi(bytes.c_str() + 9), bytes.substr(head_end + 4)};
}

}  // namespace

Answer Client::exchange(std::string_view request) {
  if (fd_ < 0 && !connect()) return {};
  Answer answer;
  if (send_all(fd_, request)) answer = receive(fd_);
  if (answer.status == 0) close();
  return answer;
}

bool Client::connect() {
  fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  ::inet_pton(AF_INET, host_.c_str(), &address.sin_addr);
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
  close();
  return false;
}

void Client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string post_request(std::string_view path, std::string_view key, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      path, key, body.size(), body);
}

}  // namespace logctl::bench
