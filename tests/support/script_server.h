// An HTTP server that says what a script tells it, whatever it is asked.
#pragma once

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace logctl::test {

// What a server does with one connection: for each text, wait for a whole header and answer with
// the text; then close, or keep the connection open until the client closes it.
struct Script {
  std::vector<std::string> answers;
  bool close = true;
};

// A server that plays scripts, one per connection, on its own thread.
class ScriptServer {
 public:
  explicit ScriptServer(std::vector<Script> scripts, const std::string& socket_path = {}) {
    if (socket_path.empty()) {
      listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      listen_on(reinterpret_cast<sockaddr*>(&address), sizeof address);
      socklen_t size = sizeof address;
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
      url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    } else {
      listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      std::memcpy(address.sun_path, socket_path.c_str(), socket_path.size() + 1);
      listen_on(reinterpret_cast<sockaddr*>(&address), sizeof address);
      url_ = "unix://" + socket_path;
    }
    thread_ = std::thread([this, scripts = std::move(scripts)] { play(scripts); });
  }
  ~ScriptServer() { finish(); }

  const std::string& url() const { return url_; }
  // The requests as received; the client must be done.
  const std::vector<std::string>& finish() {
    if (thread_.joinable()) {
      ::shutdown(listener_, SHUT_RDWR);
      thread_.join();
      ::close(listener_);
    }
    return requests_;
  }

 private:
  void listen_on(const sockaddr* address, socklen_t size) {
    if (::bind(listener_, address, size) != 0 || ::listen(listener_, 8) != 0) {
      throw std::runtime_error("listen");
    }
  }

  static bool receive(int connection, std::string& request) {
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t count = ::read(connection, buffer, sizeof buffer);
      if (count <= 0) return false;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }

  void play(const std::vector<Script>& scripts) {
    for (const Script& script : scripts) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      for (const std::string& answer : script.answers) {
        std::string request;
        if (!receive(connection, request)) break;
        requests_.push_back(request);
        if (::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
      char rest[256];
      while (!script.close && ::read(connection, rest, sizeof rest) > 0) {
      }
      ::close(connection);
    }
  }

  int listener_ = -1;
  std::string url_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace logctl::test
