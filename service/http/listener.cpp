#include "service/http/listener.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace logctl::http {
namespace {

using boost::system::error_code;

constexpr milliseconds kFirstPause(1);
constexpr milliseconds kLongestPause(1000);
constexpr milliseconds kFullPause(10);

std::string shown(const ListenerSpec& spec, std::uint16_t port) {
  if (spec.kind == ListenerSpec::Kind::unix_socket) return "unix://" + spec.path;
  const bool is_v6 = spec.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + spec.host + "]" : spec.host;
  const char* scheme = spec.kind == ListenerSpec::Kind::tls ? "https://" : "http://";
  return scheme + host + ":" + std::to_string(port);
}

}  // namespace

std::string peer_name(const Socket& socket) {
  error_code error;
  const auto peer = socket.remote_endpoint(error);
  std::array<char, INET6_ADDRSTRLEN> text{};
  const sockaddr* address = peer.data();
  const void* bytes = nullptr;
  if (!error && address->sa_family == AF_INET) {
    bytes = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  } else if (!error && address->sa_family == AF_INET6) {
    bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  }
  if (bytes == nullptr) return "unix";
  if (::inet_ntop(address->sa_family, bytes, text.data(), text.size()) == nullptr) return "unknown";
  std::string_view name = text.data();
  // An IPv4 client of a listener on `::`.
  if (name.starts_with("::ffff:") && name.find('.') != std::string_view::npos) {
    name.remove_prefix(7);
  }
  return std::string(name);
}

Listener::Listener(std::shared_ptr<Context> context, ListenerSpec spec)
    : context_(std::move(context)),
      spec_(std::move(spec)),
      address_(shown(spec_, spec_.port)),
      executor_(context_->new_executor()),
      acceptor_(executor_),
      pause_(executor_) {
  if (spec_.kind == ListenerSpec::Kind::tls) reload();
  if (spec_.inherited >= 0) {
    take_over();
  } else if (spec_.kind == ListenerSpec::Kind::unix_socket) {
    bind_unix();
  } else {
    bind_tcp();
  }
}

Listener::~Listener() { close(); }

void Listener::fail(const std::string& what, int error) const {
  const std::string message = "cannot listen on " + address_ + ": " + what + errno_text(error);
  if (error == EADDRINUSE) {
    throw Error(ErrorCode::locked, message, "stop what uses it, or choose another address");
  }
  if (error == EACCES) {
    throw Error(ErrorCode::io, message, "ports below 1024 need CAP_NET_BIND_SERVICE");
  }
  throw Error(error == EADDRNOTAVAIL ? ErrorCode::config : ErrorCode::io, message);
}

void Listener::bind_tcp() {
  using asio::ip::tcp;
  error_code error;
  tcp::endpoint endpoint(asio::ip::make_address(spec_.host, error), spec_.port);
  if (error) {
    tcp::resolver resolver(executor_);
    const auto found = resolver.resolve(spec_.host, std::to_string(spec_.port), error);
    if (error || found.empty()) {
      throw Error(ErrorCode::config, "cannot listen on " + address_ + ": the name '" + spec_.host +
                                         "' is unknown: " + error.message());
    }
    // IPv4 first: it is there even where IPv6 is switched off.
    const auto v4 = std::find_if(found.begin(), found.end(), [](const auto& entry) {
      return entry.endpoint().address().is_v4();
    });
    endpoint = v4 != found.end() ? v4->endpoint() : found.begin()->endpoint();
  }
  acceptor_.open(asio::generic::stream_protocol(endpoint.protocol().family(), IPPROTO_TCP), error);
  if (error) fail("", error.value());
  acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (endpoint.address().is_v6()) acceptor_.set_option(asio::ip::v6_only(false), error);
  // Accepted sockets inherit it.
  acceptor_.set_option(tcp::no_delay(true), error);
  listen_on(asio::generic::stream_protocol::endpoint(endpoint));

  const auto bound = acceptor_.local_endpoint(error);
  tcp::endpoint real;
  std::memcpy(real.data(), bound.data(), std::min(bound.size(), real.capacity()));
  address_ = shown(spec_, real.port());
}

void Listener::bind_unix() {
  struct stat status {};
  const bool exists = ::lstat(spec_.path.c_str(), &status) == 0;
  if (exists && !S_ISSOCK(status.st_mode)) {
    throw Error(ErrorCode::config,
                "cannot listen on " + address_ + ": the path is there and not a socket");
  }
  if (spec_.path.size() >= sizeof(sockaddr_un::sun_path)) {
    throw Error(ErrorCode::config, "cannot listen on " + address_ + ": the path is longer than " +
                                       std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                                       " bytes");
  }
  const asio::local::stream_protocol::endpoint endpoint(spec_.path);
  error_code error;
  if (exists) {
    asio::local::stream_protocol::socket probe(executor_);
    probe.connect(endpoint, error);
    if (!error) fail("", EADDRINUSE);
    // Nobody listens: left behind by a process that was killed.
    if (error == asio::error::connection_refused) ::unlink(spec_.path.c_str());
  }
  acceptor_.open(asio::generic::stream_protocol(AF_UNIX, 0), error);
  if (error) fail("", error.value());
  listen_on(asio::generic::stream_protocol::endpoint(endpoint));
}

// It listens already, and its file, if it has one, belongs to whoever made it.
void Listener::take_over() {
  const bool is_unix = spec_.kind == ListenerSpec::Kind::unix_socket;
  const bool is_v6 = spec_.host.find(':') != std::string::npos;
  const int family = is_unix ? AF_UNIX : is_v6 ? AF_INET6 : AF_INET;
  error_code error;
  acceptor_.assign(asio::generic::stream_protocol(family, is_unix ? 0 : IPPROTO_TCP),
                   spec_.inherited, error);
  if (error) fail("", error.value());
}

void Listener::listen_on(const asio::generic::stream_protocol::endpoint& endpoint) {
  error_code error;
  acceptor_.bind(endpoint, error);
  if (error) fail("", error.value());
  if (spec_.kind == ListenerSpec::Kind::unix_socket) {
    owns_file_ = true;
    // Nobody can connect before listen(), so the mode is right from the first connection on.
    if (::chmod(spec_.path.c_str(), 0660) != 0) fail("chmod: ", errno);
  }
  acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) fail("", error.value());
}

void Listener::reload() {
  if (spec_.kind != ListenerSpec::Kind::tls) return;
  auto fresh = make_tls_context(spec_.certificate, spec_.key);
  const Lock lock(mutex_);
  tls_ = std::move(fresh);
}

void Listener::start() {
  auto accept = [self = shared_from_this()] { return self->accept_all(); };
  asio::co_spawn(executor_, std::move(accept), asio::detached);
}

void Listener::stop() {
  auto end = [self = shared_from_this()] { self->close(); };
  asio::dispatch(executor_, std::move(end));
}

void Listener::close() {
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  if (std::exchange(owns_file_, false)) ::unlink(spec_.path.c_str());
}

asio::awaitable<void> Listener::accept_all() {
  const auto token = asio::as_tuple(asio::use_awaitable);
  milliseconds pause = kFirstPause;
  while (acceptor_.is_open()) {
    if (!context_->has_room()) {
      pause_.expires_after(kFullPause);
      co_await pause_.async_wait(token);
      continue;
    }
    const asio::any_io_executor executor = context_->new_executor();
    auto [error, socket] = co_await acceptor_.async_accept(executor, token);
    if (!error) {
      pause = kFirstPause;
      admit(std::move(socket));
    } else if (acceptor_.is_open() && error != asio::error::connection_aborted) {
      // The process is short of descriptors or memory, most likely: connections wait in the
      // kernel's queue until others have ended.
      if (pause == kFirstPause) {
        metrics::Notice notice;
        notice.severity = metrics::Notice::Severity::warn;
        notice.what = "cannot accept connections";
        notice.detail = address_ + ": " + errno_text(error.value()) + ", trying again";
        context_->services().observer.emit(notice);
      }
      pause_.expires_after(pause);
      co_await pause_.async_wait(token);
      pause = std::min(pause * 2, kLongestPause);
    }
  }
}

void Listener::admit(Socket socket) {
  const asio::any_io_executor executor = socket.get_executor();
  std::string remote = peer_name(socket);
  std::unique_ptr<Stream> stream;
  if (spec_.kind == ListenerSpec::Kind::tls) {
    std::shared_ptr<asio::ssl::context> tls;
    {
      const Lock lock(mutex_);
      tls = tls_;
    }
    stream = make_tls_stream(std::move(socket), std::move(tls));
  } else {
    stream = make_plain_stream(std::move(socket));
  }
  context_->open(std::move(stream), executor, std::move(remote), spec_.surfaces);
}

}  // namespace logctl::http
