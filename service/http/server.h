// Listeners and sessions: HTTP/1.1 with limits, time-outs, keep-alive and pipelining.
//
// What a session does for every request, in this order: read the header (size and time limit), find
// the route (404, 405), check the key and scope (401, 403), take a token (429), check length and
// encoding (413, 415), read the body (limits, time-outs), decompress it (cap), call the handler,
// turn an Error into an answer, write it, tell the observer. Every answer carries X-Request-ID and
// the security headers. Requests beyond max_connections get 503.
#pragma once

#include "service/http/router.h"
#include "shared/auth/authenticator.h"
#include "shared/config/config.h"
#include "shared/metrics/observer.h"
#include "shared/ratelimit/limiter.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace logctl::http {

struct ListenerSpec {
  enum class Kind { tcp, tls, unix_socket } kind = Kind::tcp;
  std::string host;
  std::uint16_t port = 0;
  std::string path;              // unix socket
  std::string certificate, key;  // files, TLS
  unsigned surfaces = kAllSurfaces;
  int inherited = -1;  // a socket that listens there already
};
// From server.listeners, or host and port; and metrics.port when that is set. Throws Error{config}
// naming what is wrong.
std::vector<ListenerSpec> listener_specs(const config::Config& config);
// The same for what they name: reads certificates and keys without listening.
void check_listeners(const config::Config& config);

// When the first certificate of a PEM file ends. Throws Error{config} when there is none.
Timestamp certificate_end(const std::string& file);

// What sessions need from the rest of the daemon. Everything outlives the server.
struct Services {
  const Router& router;
  auth::Authenticator& authenticator;
  ratelimit::Limiter& limiter;
  metrics::Observer& observer;
  std::shared_ptr<const config::Config> config;
  // Runs blocking work off the io threads; completes on the caller's executor. Throws
  // Error{overloaded} when full.
  std::function<boost::asio::awaitable<void>(std::function<void()>)> run_blocking;
  std::vector<int> sockets = {};  // open before the daemon; the server takes them over
};

class Server {
 public:
  Server(boost::asio::io_context& io, Services services);
  ~Server();

  // Binds and starts to accept. Throws Error when an address cannot be had.
  void start();
  // "http://127.0.0.1:8080" and so on, with the real ports.
  std::vector<std::string> addresses() const;
  // Stops accepting, closes idle connections, lets requests finish (answering `Connection: close`),
  // and calls `done` when the last session ended; at `deadline` the rest is cut.
  void stop(microseconds deadline, std::function<void()> done);
  std::size_t connections() const;
  // Memory that request bodies take just now.
  std::uint64_t body_bytes() const;
  // Limits, time-outs and CORS settings for new requests; certificates are read again for new
  // connections, and kept when the new ones are bad.
  void configure(std::shared_ptr<const config::Config> config);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace logctl::http
