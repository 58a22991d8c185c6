// Answers that are made while they are sent. Meanwhile somebody watches for the client's end: who
// only reads is not noticed by reading from him.
#include "service/http/session.h"
#include "service/http/session_watch.h"

#include <fmt/format.h>

#include <iterator>

namespace logctl::http {
namespace {

constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace

asio::awaitable<Session::Next> Session::stream(Response response) {
  source_ = response.source;
  if (context_->stopping()) source_->wind_down();
  PeerWatch watch(*this, milliseconds(0), [this] { source_->abandon(); });
  // Who is still sending is noticed by what he sends.
  if (exchange_.body_done || request_.body_reader == nullptr) watch.start();

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
  co_await watch.end();
  source_.reset();

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

}  // namespace logctl::http
