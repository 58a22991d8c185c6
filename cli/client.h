// A small blocking HTTP/1.1 client to a daemon: http, https and unix sockets.
//
// Keeps its connection between requests and opens a new one when the daemon has closed it. Not for
// several threads. Throws Error{unavailable} when the daemon cannot be reached or goes away,
// Error{timeout} when it is too slow, Error{usage} for an address that is none, Error{io} when a
// certificate does not hold.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::cli {

// `http://HOST[:PORT][/PATH]`, `https://...` or `unix:///SOCKET`.
struct Url {
  enum class Scheme { http, https, unix_socket } scheme = Scheme::http;
  std::string host;
  std::uint16_t port = 0;
  std::string socket;  // unix sockets only
  std::string path;    // without a slash at its end; empty for the root and for unix sockets
};
Url parse_url(std::string_view text);

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Answer {
  int status = 0;
  Headers headers;  // names in lower case
  std::string body;

  // The first header of that (lower-case) name, or empty.
  std::string_view header(std::string_view name) const;
};

class Client {
 public:
  // `timeout` bounds the connection attempt and, separately, each exchange. (The look-up of a name
  // has the resolver's own limit.)
  Client(std::string_view url, microseconds timeout);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `target` is appended to the URL's path. A GET is tried once more when a kept connection turns
  // out to be closed; anything else is not, because the daemon may have acted on it.
  Answer send(std::string_view method, std::string_view target, const Headers& headers = {},
              std::string body = {});

  // The same with the body of a 200 given to `take` piece by piece as it comes, for as long as it
  // says true; when it says no, the connection is closed. Of other answers the body is in the
  // Answer. Each piece may take the time-out. Throws Error{unavailable} when the body breaks off.
  using Take = std::function<bool(std::string_view)>;
  Answer stream(std::string_view method, std::string_view target, const Headers& headers,
                std::string body, const Take& take);

  const Url& url() const { return url_; }

 private:
  class Connection;
  template <typename Stream>
  class StreamConnection;
  struct Outgoing;
  Outgoing outgoing(std::string_view method, std::string_view target, const Headers& headers,
                    std::string body) const;
  std::unique_ptr<Connection> connect();

  Url url_;
  std::string shown_;  // for messages
  microseconds timeout_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace logctl::cli
