#include "service/http/stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace logctl::http {
namespace {

using boost::system::error_code;

class TlsStream final : public Stream {
 public:
  TlsStream(Socket socket, std::shared_ptr<asio::ssl::context> context)
      : context_(std::move(context)), stream_(std::move(socket), *context_) {}

  asio::awaitable<error_code> handshake() override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error] = co_await stream_.async_handshake(Tls::server, token);
    co_return error;
  }

  asio::awaitable<Io> read_some(asio::mutable_buffer space) override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, bytes] = co_await stream_.async_read_some(space, token);
    co_return Io{error, bytes};
  }

  asio::awaitable<Io> write_some(Pieces pieces) override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    const auto [error, bytes] = co_await stream_.async_write_some(pieces, token);
    co_return Io{error, bytes};
  }

  asio::awaitable<void> wait_readable() override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await stream_.next_layer().async_wait(Socket::wait_read, token);
  }

  asio::awaitable<void> end_sending() override {
    const auto token = asio::as_tuple(asio::use_awaitable);
    co_await stream_.async_shutdown(token);
  }

  bool can_half_close() const override { return false; }

  bool has_unread() override {
    error_code ignored;
    return stream_.next_layer().available(ignored) > 0;
  }

  Peer peer() override { return peer_of(stream_.next_layer().native_handle()); }

  void cancel() override {
    error_code ignored;
    stream_.next_layer().cancel(ignored);
  }

  void close() override {
    error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  using Tls = asio::ssl::stream<Socket>;

  std::shared_ptr<asio::ssl::context> context_;
  Tls stream_;
};

}  // namespace

std::unique_ptr<Stream> make_tls_stream(Socket socket,
                                        std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsStream>(std::move(socket), std::move(context));
}

}  // namespace logctl::http
