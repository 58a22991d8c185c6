#include "service/http/session_watch.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

namespace logctl::http {
namespace {

// Requests that a client sends ahead are kept up to here; then its end shows only when writing.
constexpr std::size_t kSentAhead = 64 * 1024;
// How long an answer may take for a client that has ended its side of the connection.
constexpr std::chrono::seconds kGrace{1};
constexpr std::chrono::milliseconds kTurn{20};

}  // namespace

Session::PeerWatch::PeerWatch(Session& session, std::chrono::milliseconds grace,
                              std::function<void()> gone)
    : session_(session),
      grace_(grace),
      gone_(std::move(gone)),
      ended_(session.executor_),
      grace_end_(session.executor_) {}

void Session::PeerWatch::start() {
  wanted_ = true;
  running_ = true;
  auto work = [this] { return watch(); };
  auto done = [this](std::exception_ptr) {
    running_ = false;
    ended_.cancel();
  };
  asio::co_spawn(session_.executor_, std::move(work), std::move(done));
}

asio::awaitable<void> Session::PeerWatch::end() {
  wanted_ = false;
  grace_end_.cancel();
  const auto token = asio::as_tuple(asio::use_awaitable);
  while (running_) {
    // Again: a TLS stream may just have begun another read.
    session_.stream_->cancel();
    ended_.expires_after(kTurn);
    co_await ended_.async_wait(token);
  }
}

asio::awaitable<void> Session::PeerWatch::watch() {
  ReadBuffer& buffer = session_.buffer_;
  Stream& stream = *session_.stream_;
  auto peer = Stream::Peer::open;
  while (wanted_ && peer == Stream::Peer::open && buffer.size() < kSentAhead) {
    co_await stream.wait_readable();
    if (!wanted_) co_return;
    if (session_.expired_) break;  // a write took too long: its own end follows
    if (stream.has_unread()) {
      const asio::mutable_buffer space = buffer.prepare();
      const Io got = co_await stream.read_some(space);
      if (!got.error) buffer.commit(got.bytes);
      if (got.error == asio::error::eof) {
        peer = Stream::Peer::ended;
      } else if (got.error || got.bytes == 0) {
        peer = Stream::Peer::lost;
      }
    } else {
      peer = stream.peer();  // the wait may have ended for bytes that were read before it
    }
  }
  if (peer == Stream::Peer::ended && wanted_ && grace_.count() > 0) {
    const auto token = asio::as_tuple(asio::use_awaitable);
    grace_end_.expires_after(grace_);
    co_await grace_end_.async_wait(token);
  }
  if (peer == Stream::Peer::open || !wanted_) co_return;
  session_.peer_gone_ = true;
  gone_();
  stream.cancel();
}

// Nobody has to wait for the answer of one who has hung up.
asio::awaitable<Response> Session::handle_watched(const Route& route) {
  PeerWatch watch(*this, kGrace, [this] {
    if (request_.on_hang_up) request_.on_hang_up();
  });
  if (exchange_.body_done) watch.start();
  std::optional<Response> response;
  std::exception_ptr failure;
  try {
    response = co_await route.handler(request_);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await watch.end();
  if (peer_gone_) throw PeerGone();
  if (failure) std::rethrow_exception(failure);
  co_return std::move(*response);
}

}  // namespace logctl::http
