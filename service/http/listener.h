// One bound address: accepts connections and hands them to the context.
#pragma once

#include "service/http/context.h"

namespace logctl::http {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // Binds and listens. Throws Error{locked} when the address is in use, Error{config} or Error{io}
  // when it cannot be had otherwise, naming the address and the reason.
  Listener(std::shared_ptr<Context> context, ListenerSpec spec);
  ~Listener();

  void start();
  // Stops accepting and removes a unix socket's file. For any thread.
  void stop();
  // Reads certificate and key again, for new connections. Throws Error{config} and keeps the old
  // ones when they are bad.
  void reload();
  // With the real port.
  const std::string& address() const { return address_; }

 private:
  using Acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol>;

  void bind_tcp();
  void bind_unix();
  void take_over();
  void listen_on(const asio::generic::stream_protocol::endpoint& endpoint);
  void close();
  asio::awaitable<void> accept_all();
  void admit(Socket socket);
  [[noreturn]] void fail(const std::string& what, int error) const;

  const std::shared_ptr<Context> context_;
  const ListenerSpec spec_;
  std::string address_;
  const asio::any_io_executor executor_;
  Acceptor acceptor_;
  asio::steady_timer pause_;
  bool owns_file_ = false;

  Mutex mutex_;
  std::shared_ptr<asio::ssl::context> tls_ GUARDED_BY(mutex_);
};

// A context for TLS 1.2 and newer. Throws Error{config} naming the file that is bad.
std::shared_ptr<asio::ssl::context> make_tls_context(const std::string& certificate,
                                                     const std::string& key);

// The host of a peer's address; "unix" for unix sockets.
std::string peer_name(const Socket& socket);

}  // namespace logctl::http
