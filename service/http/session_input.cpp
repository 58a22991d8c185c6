#include "service/http/access.h"
#include "service/http/session.h"
#include "shared/base/ascii.h"
#include "shared/base/compression.h"
#include "shared/base/ids.h"
#include "shared/base/units.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <utility>

namespace logctl::http {
namespace {

namespace beast_http = boost::beast::http;

// What simdjson needs behind a document to read it in place.
constexpr std::size_t kBodyPadding = 64;
// A body's memory is touched at most this far ahead of what has arrived.
constexpr std::size_t kBodyPiece = 256 * 1024;
// Room for one read of a chunked body.
constexpr std::size_t kChunkSpace = 16 * 1024;
// Beast looks for the end of a chunked body in no less than the shortest one.
constexpr std::size_t kShortestChunkEnd = 5;

Error too_large(std::uint64_t limit, const char* option) {
  return Error(ErrorCode::request_too_large,
               "the body is over the limit of " + std::to_string(limit) + " bytes",
               std::string("send less at once, or raise ") + option);
}

}  // namespace

asio::awaitable<bool> Session::read_header() {
  parser_.emplace(request_, static_cast<std::uint32_t>(settings().max_header_bytes));
  // Empty lines in front of a request are no part of it.
  const auto skip_empty_lines = [this] {
    while (header_bytes_ == 0 && !buffer_.empty() &&
           (buffer_.data().front() == '\r' || buffer_.data().front() == '\n')) {
      buffer_.consume(1);
    }
  };
  skip_empty_lines();
  bool begun = !buffer_.empty();
  if (!begun && context_->stopping()) co_return false;
  idle_ = !begun;
  arm(refused_ ? seconds(1) : begun ? settings().read_timeout : settings().idle_timeout);
  while (true) {
    if (!buffer_.empty()) parse_header();
    if (exchange_.header_done) break;
    const asio::mutable_buffer space = buffer_.prepare();
    const Io got = co_await stream_->read_some(space);
    if (got.error || got.bytes == 0) {
      disarm();
      idle_ = false;
      const bool says_nothing = !begun && !(refused_ && expired_);
      if (says_nothing || !expired_) co_return false;
      if (refused_) break;
      throw Error(ErrorCode::request_timeout, "the request header did not arrive in time",
                  "server.read_timeout is " + format_duration(settings().read_timeout));
    }
    buffer_.commit(got.bytes);
    skip_empty_lines();
    if (!begun && !buffer_.empty()) {
      begun = true;
      idle_ = false;
      exchange_.started = std::chrono::steady_clock::now();
      if (!refused_) arm(settings().read_timeout);
    }
  }
  disarm();
  idle_ = false;
  co_return true;
}

void Session::parse_header() {
  boost::beast::error_code error;
  const std::string_view data = buffer_.data();
  const std::size_t used = parser_->put(asio::const_buffer(data.data(), data.size()), error);
  buffer_.consume(used);
  header_bytes_ += used;
  const bool unfinished =
      error == beast_http::error::need_more || (!error && !parser_->is_header_done());
  const std::size_t seen = header_bytes_ + (unfinished ? buffer_.size() : 0);
  if (error == beast_http::error::header_limit || seen > settings().max_header_bytes ||
      (unfinished && seen == settings().max_header_bytes)) {
    throw Error(ErrorCode::headers_too_large,
                "the request header is over the limit of " +
                    std::to_string(settings().max_header_bytes) + " bytes",
                "send fewer or shorter headers, or raise server.max_header_bytes");
  }
  if (unfinished) return;
  if (error) {
    throw Error(ErrorCode::invalid_request, "malformed HTTP request: " + error.message());
  }
  exchange_.header_done = true;
  const std::string_view id = request_.header("x-request-id");
  if (is_usable_request_id(id)) {
    request_.request_id.assign(id);
  } else {
    append_uuid_v7(request_.request_id, system_clock().now());
  }
  // Before anything else is believed: whoever disagrees with us about where this request ends
  // could hide another one in it. The connection ends when this throws.
  parser_->check_framing();
  exchange_.keep_alive = parser_->keep_alive();
  exchange_.body_done = parser_->is_done();
  exchange_.continue_expected = !exchange_.body_done && !parser_->http_1_0() && buffer_.empty() &&
                                boost::beast::iequals(request_.header("expect"), "100-continue");
}

std::uint64_t Session::unread_body() const {
  if (exchange_.body_done) return 0;
  // Where a chunked body ends is only known by reading it.
  if (!exchange_.header_done || parser_->chunked()) return ~std::uint64_t{0};
  return parser_->content_length().value_or(0) - exchange_.bytes_in;
}

std::string_view Session::owner() const {
  return request_.principal ? std::string_view(request_.principal->key_id) : std::string_view();
}

void Session::claim(std::uint64_t bytes) {
  if (!context_->bodies().take(owner(), bytes, exchange_.claimed)) {
    throw Error(ErrorCode::overloaded, "too many request bodies are in memory",
                "try again later, or raise server.max_pending_bytes");
  }
  exchange_.claimed += bytes;
}

Compression Session::content_encoding() const {
  const auto encoding = parse_content_encoding(lower_case(request_.header("content-encoding")));
  if (!encoding) {
    throw Error(ErrorCode::unsupported_encoding,
                "Content-Encoding '" + std::string(request_.header("content-encoding")) +
                    "' is not supported, expected gzip, deflate, zstd or identity");
  }
  return *encoding;
}

asio::awaitable<void> Session::send_continue() {
  if (!std::exchange(exchange_.continue_expected, false)) co_return;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const Stream::Pieces pieces = {asio::buffer(kContinue), asio::const_buffer()};
  const bool sent = co_await write(pieces);
  if (!sent) throw PeerGone();
}

asio::awaitable<void> Session::read_body() {
  const Compression encoding = content_encoding();
  const std::uint64_t length = parser_->content_length().value_or(0);
  if (length > settings().max_body_bytes) {
    throw too_large(settings().max_body_bytes, "server.max_body_bytes");
  }
  co_await send_continue();
  if (parser_->chunked()) {
    co_await read_chunked();
  } else {
    co_await read_sized(length);
  }
  exchange_.body_done = true;
  if (encoding == Compression::none) co_return;

  try {
    request_.body =
        decompress_all(encoding, request_.body, settings().max_decompressed_bytes, kBodyPadding);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::request_too_large) throw;
    throw Error(ErrorCode::request_too_large,
                "the decompressed body is over the limit of " +
                    std::to_string(settings().max_decompressed_bytes) + " bytes",
                "send less at once, or raise server.max_decompressed_bytes");
  }
  claim(request_.body.size());
}

asio::awaitable<void> Session::read_sized(std::uint64_t length) {
  std::string& body = request_.body;
  body.reserve(length + kBodyPadding);
  const std::size_t buffered = std::min<std::size_t>(length, buffer_.size());
  claim(buffered);
  body.assign(buffer_.data().substr(0, buffered));
  buffer_.consume(buffered);
  exchange_.bytes_in = buffered;
  while (exchange_.bytes_in < length) {
    const std::size_t got = exchange_.bytes_in;
    if (got == body.size()) {
      // Counted when it comes, not when it is announced: promises must not keep others out.
      const std::size_t size = std::min<std::size_t>(length, got + kBodyPiece);
      claim(size - got);
      body.resize(size);
    }
    const asio::mutable_buffer space(body.data() + got, body.size() - got);
    exchange_.bytes_in += co_await read_more(space);
  }
}

asio::awaitable<void> Session::read_chunked() {
  parser_->expect_chunks(settings().max_body_bytes);
  while (true) {
    const bool done = put_chunks(settings().max_body_bytes);
    exchange_.bytes_in = request_.body.size();
    if (done) break;
    if (exchange_.claimed < request_.body.capacity()) {
      claim(request_.body.capacity() - exchange_.claimed);
    }
    const asio::mutable_buffer space = buffer_.prepare(kChunkSpace);
    const std::size_t got = co_await read_more(space);
    buffer_.commit(got);
  }
  request_.body.reserve(request_.body.size() + kBodyPadding);
}

// Adds what has arrived of a chunked body to request_.body; true when that was its end.
bool Session::put_chunks(std::uint64_t limit) {
  if (buffer_.size() < kShortestChunkEnd) return false;
  boost::beast::error_code error;
  const std::string_view data = buffer_.data();
  buffer_.consume(parser_->put(asio::const_buffer(data.data(), data.size()), error));
  if (error == beast_http::error::body_limit) throw too_large(limit, "server.max_body_bytes");
  if (error && error != beast_http::error::need_more) {
    throw Error(ErrorCode::invalid_request, "malformed chunked body: " + error.message());
  }
  if (parser_->is_done()) return true;
  if (buffer_.size() > settings().max_header_bytes) {
    throw Error(ErrorCode::invalid_request,
                "malformed chunked body: a chunk's head or the trailers are too long");
  }
  return false;
}

asio::awaitable<bool> Session::skip_body() {
  std::uint64_t left = unread_body();
  while (left > 0) {
    if (buffer_.empty()) {
      arm(settings().read_timeout);
      const asio::mutable_buffer space = buffer_.prepare();
      const Io got = co_await stream_->read_some(space);
      disarm();
      if (got.error || got.bytes == 0) co_return false;
      buffer_.commit(got.bytes);
    }
    const std::size_t piece = std::min<std::size_t>(left, buffer_.size());
    buffer_.consume(piece);
    left -= piece;
  }
  co_return true;
}

asio::awaitable<std::size_t> Session::read_more(asio::mutable_buffer space) {
  arm(settings().read_timeout);
  const Io got = co_await stream_->read_some(space);
  disarm();
  if (!got.error && got.bytes > 0) co_return got.bytes;
  if (!expired_) throw PeerGone();
  exchange_.keep_alive = false;
  throw Error(ErrorCode::request_timeout, "the request body did not arrive in time",
              "server.read_timeout is " + format_duration(settings().read_timeout));
}

microseconds Session::piece_timeout() const {
  if (!source_ || context_->stopping()) return settings().write_timeout;
  return std::max(settings().write_timeout, source_->patience());
}

// As a whole within the time-out, however slowly the peer takes it.
asio::awaitable<bool> Session::write_in_time(Stream::Pieces pieces) {
  arm(piece_timeout());
  bool sent = true;
  while (sent && pieces[0].size() + pieces[1].size() > 0) {
    const Io done = co_await stream_->write_some(pieces);
    sent = !done.error;
    const std::size_t first = std::min(done.bytes, pieces[0].size());
    pieces[0] += first;
    pieces[1] += done.bytes - first;
  }
  disarm();
  co_return sent;
}

asio::awaitable<bool> Session::write(Stream::Pieces pieces) {
  while (pieces[0].size() + pieces[1].size() > 0) {
    arm(settings().write_timeout);
    const Io done = co_await stream_->write_some(pieces);
    disarm();
    if (done.error) co_return false;
    const std::size_t first = std::min(done.bytes, pieces[0].size());
    pieces[0] += first;
    pieces[1] += done.bytes - first;
  }
  co_return true;
}

}  // namespace logctl::http
