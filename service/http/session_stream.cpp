// Answers that are made while they are sent. Meanwhile somebody watches for the client's end: who
// only reads is not noticed by reading from him.
#include "service/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <iterator>

namespace logctl::http {
namespace {

// Requests that a client sends ahead are kept up to here; then its end shows only when writing.
constexpr std::size_t kSentAhead = 64 * 1024;
constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

asio::awaitable<Session::Next> Session::stream(Response response) {
  source_ = response.source;
  if (context_->stopping()) source_->wind_down();
  asio::steady_timer watch_end(executor_, asio::steady_timer::time_point::max());
  // Who is still sending is noticed by what he sends.
  bool watching = exchange_.body_done || request_.body_reader == nullptr;
  auto watch = [self = shared_from_this()] { return self->watch_peer(); };
  auto watched = [&watching, &watch_end](std::exception_ptr) {
    watching = false;
    watch_end.cancel();
  };
  if (watching) asio::co_spawn(executor_, std::move(watch), std::move(watched));

  std::optional<Response> refusal;
  bool whole = false;
  try {
    co_await source_->open();
  } catch (const Error& error) {
    refusal = failed(error);
  } catch (const std::exception& error) {
    refusal = crashed(error.what());
  } catch (...) {
    refusal = crashed("an exception of unknown type");
  }
  if (!refusal && !peer_gone_) {
    prepare_head(response);
    exchange_.continue_expected = false;  // too late to say it behind this head
    exchange_.took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() -
                                                              exchange_.started);
    exchange_.bytes_out = head_.size();
    const Stream::Pieces head = {asio::buffer(head_), asio::const_buffer()};
    const bool sent = co_await write_in_time(head);
    if (!sent) peer_gone_ = true;
    if (sent && request_.method == Method::head) whole = true;
    if (sent && request_.method != Method::head) whole = co_await send_pieces(*source_);
  }

  if (peer_gone_) source_->abandon();
  source_.reset();
  stream_->cancel();
  const auto token = asio::as_tuple(asio::use_awaitable);
  while (watching) co_await watch_end.async_wait(token);

  if (refusal && !peer_gone_) co_return co_await finish(*refusal);
  record(peer_gone_ ? Exchange::kClientClosed : response.status);
  if (peer_gone_) co_return Next::drop;
  const bool body_left = request_.body_reader != nullptr && !exchange_.body_done;
  if (!whole || body_left) exchange_.keep_alive = false;
  co_return co_await after_answer();
}

// True when the body went out as a whole.
asio::awaitable<bool> Session::send_pieces(BodySource& source) {
  try {
    while (!peer_gone_) {
      std::optional<std::string> piece = co_await source.next();
      if (!piece) break;
      if (piece->empty()) continue;
      const bool sent = co_await send_piece(*piece);
      if (!sent) peer_gone_ = true;
    }
  } catch (const std::exception& error) {
    // What it threw after the client was gone is only the echo of that.
    if (!peer_gone_) static_cast<void>(crashed(error.what()));
    co_return false;
  }
  if (peer_gone_ || !source.complete()) co_return false;
  if (parser_->http_1_0()) co_return true;
  exchange_.bytes_out += kLastChunk.size();
  const Stream::Pieces last = {asio::buffer(kLastChunk), asio::const_buffer()};
  const bool sent = co_await write_in_time(last);
  if (!sent) peer_gone_ = true;
  co_return sent;
}

asio::awaitable<bool> Session::send_piece(std::string& piece) {
  head_.clear();
  if (!parser_->http_1_0()) {
    fmt::format_to(std::back_inserter(head_), "{:x}\r\n", piece.size());
    piece.append("\r\n");
  }
  exchange_.bytes_out += head_.size() + piece.size();
  const Stream::Pieces pieces = {asio::buffer(head_), asio::buffer(piece)};
  co_return co_await write_in_time(pieces);
}

asio::awaitable<void> Session::watch_peer() {
  bool open = true;
  while (source_ && open && buffer_.size() < kSentAhead) {
    co_await stream_->wait_readable();
    if (!source_) co_return;
    if (expired_) break;  // a write took too long: its own end follows
    if (stream_->has_unread()) {
      const asio::mutable_buffer space = buffer_.prepare();
      const Io got = co_await stream_->read_some(space);
      if (!got.error) buffer_.commit(got.bytes);
      open = !got.error && got.bytes > 0;
    } else {
      open = false;
    }
  }
  if (open || !source_) co_return;
  peer_gone_ = true;
  source_->abandon();
  stream_->cancel();
}

}  // namespace logctl::http
