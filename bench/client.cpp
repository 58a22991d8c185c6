#include "bench/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>
#include <netinet/tcp.h>
#include <stdexcept>
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

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return text;
}

std::size_t content_length(const std::string& head) {
  const std::size_t found = head.find("content-length:");
  if (found == std::string::npos) return 0;
  return std::strtoull(head.c_str() + found + 15, nullptr, 10);
}

// Moves whole chunks from the front of `bytes` to `body`; true behind the last one.
bool take_chunks(std::string& bytes, std::string& body) {
  std::size_t at = 0;
  bool last = false;
  while (!last) {
    const std::size_t line = bytes.find("\r\n", at);
    if (line == std::string::npos) break;
    const std::size_t size = std::strtoull(bytes.c_str() + at, nullptr, 16);
    if (bytes.size() < line + 2 + size + 2) break;
    body.append(bytes, line + 2, size);
    at = line + 2 + size + 2;
    last = size == 0;
  }
  bytes.erase(0, at);
  return last;
}

Answer receive(int fd) {
  std::string bytes;
  Answer answer;
  bool chunked = false;
  std::size_t length = 0;
  char buffer[64 * 1024];
  while (true) {
    const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
    if (n <= 0) return {};
    bytes.append(buffer, static_cast<std::size_t>(n));
    if (answer.status == 0) {
      const std::size_t head_end = bytes.find("\r\n\r\n");
      if (head_end == std::string::npos) continue;
      if (head_end <= 12) return {};
      const std::string head = lower(bytes.substr(0, head_end));
      answer.status = std::atoi(bytes.c_str() + 9);
      chunked = head.find("transfer-encoding: chunked") != std::string::npos;
      length = content_length(head);
      bytes.erase(0, head_end + 4);
    }
    if (chunked) {
      if (take_chunks(bytes, answer.body)) return answer;
    } else if (bytes.size() >= length) {
      answer.body = std::move(bytes);
      return answer;
    }
  }
}

}  // namespace

int connect_to(const std::string& host, std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

Answer Client::exchange(std::string_view request) {
  if (fd_ < 0 && !connect()) return {};
  Answer answer;
  if (send_all(fd_, request)) answer = receive(fd_);
  if (answer.status == 0) close();
  return answer;
}

bool Client::connect() {
  fd_ = connect_to(host_, port_);
  if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  return fd_ >= 0;
}

void Client::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Listener::Listener(const std::string& host, std::uint16_t port, const std::string& target)
    : fd_(connect_to(host, port)) {
  const std::string request = fmt::format(
      "GET {} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", target);
  if (fd_ < 0 || !send_all(fd_, request)) {
    throw std::runtime_error(fmt::format("no connection to {}:{}", host, port));
  }
}

Listener::~Listener() { ::close(fd_); }

void Listener::stop() { ::shutdown(fd_, SHUT_RDWR); }

bool Listener::next_line(std::string& line) {
  while (true) {
    const std::size_t end = rest_.find('\n');
    if (end != std::string::npos) {
      line.assign(rest_, 0, end);
      if (line.ends_with('\r')) line.pop_back();
      rest_.erase(0, end + 1);
      return true;
    }
    char buffer[4096];
    const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return false;
    rest_.append(buffer, static_cast<std::size_t>(n));
  }
}

std::string post_request(std::string_view path, std::string_view key, std::string_view body) {
  return fmt::format(
      "POST {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      path, key, body.size(), body);
}

}  // namespace logctl::bench
