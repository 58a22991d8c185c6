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

  // Sends a whole request, head and body, and reads one answer, which has a Content-Length or comes
  // in chunks. Connects when there is no connection; a broken one is made anew by the next call.
  Answer exchange(std::string_view request);

 private:
  bool connect();
  void close();

  const std::string host_;
  const std::uint16_t port_;
  int fd_ = -1;
};

// A connected socket without delays, or -1.
int connect_to(const std::string& host, std::uint16_t port);

// An answer without an end, read line by line by one thread; another one may stop it.
class Listener {
 public:
  // Throws std::runtime_error when there is no connection.
  Listener(const std::string& host, std::uint16_t port, const std::string& target);
  ~Listener();
  Listener(const Listener&) = delete;

  // The next line, without its end; false when the connection is gone. Lengths of chunks come as
  // lines too.
  bool next_line(std::string& line);
  void stop();

 private:
  int fd_ = -1;
  std::string rest_;
};

// A POST of JSON with the key as bearer token.
std::string post_request(std::string_view path, std::string_view key, std::string_view body);

}  // namespace logctl::bench
