#include "service/http/stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <sys/socket.h>

namespace logctl::http {
namespace {

using boost::system::error_code;

class PlainStream final : public Stream {
 public:
  explicit PlainStream(Socket socket) : socket_(std::move(socket)) {
    error_code ignored;
    socket_.non_blocking(true, ignored);
  }

  asio::awaitable<error_code> handshake() override { co_return error_code(); }

  asio::awaitable<Io> read_some(asio::mutable_buffer space) override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, bytes] = co_await socket_.async_read_some(space, token);
    co_return Io{error, bytes};
  }

  asio::awaitable<Io> write_some(Pieces pieces) override {
    // The send buffer nearly always has room: then no trip through the event loop is needed.
    Io done;
    done.bytes = socket_.write_some(pieces, done.error);
    if (done.error != asio::error::would_block) co_return done;
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, bytes] = co_await socket_.async_write_some(pieces, token);
    co_return Io{error, bytes};
  }

  asio::awaitable<void> wait_readable() override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await socket_.async_wait(Socket::wait_read, token);
  }

  asio::awaitable<void> end_sending() override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    co_return;
  }

  bool can_half_close() const override { return true; }

  bool has_unread() override {
    error_code ignored;
    return socket_.available(ignored) > 0;
  }

  Peer peer() override { return peer_of(socket_.native_handle()); }

  void cancel() override {
    error_code ignored;
    socket_.cancel(ignored);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  Socket socket_;
};

}  // namespace

Stream::Peer Stream::peer_of(int socket) {
  char byte = 0;
  const ssize_t got = ::recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (got == 0) return Peer::ended;
  const bool quiet = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return got > 0 || quiet ? Peer::open : Peer::lost;
}

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace logctl::http
