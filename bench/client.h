// One connection to a daemon over plain HTTP/1.1, for the tools that make load: blocking, kept open
// between requests. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::bench {

struct Answer {
  int status = 0;  // 0: the connection broke or could not be made
  std::string body;
};

class Client {
 public:
  Client(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Sends a whole request, head and body, and reads one answer that has a Content-Length. Connects
  // when there is no connection; a broken one is made anew by the next call.
  Answer exchange(std::string_view request);

 private:
  bool connect();
  void close();

  const std::string host_;
  const std::uint16_t port_;
  int fd_ = -1;
};

// A POST of JSON with the key as bearer token.
std::string post_request(std::string_view path, std::string_view key, std::string_view body);

}  // namespace logctl::bench
