// Bodies that are read piece by piece, by the route's handler.
#include "service/http/session.h"
#include "shared/base/compression.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace logctl::http {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
// What a body that is read piece by piece counts among the bodies in memory: its reader may gather
// this much before it does something with it.
constexpr std::uint64_t kLent = 16 * 1024 * 1024;
// Room for one read of a chunked body.
constexpr std::size_t kChunkSpace = 16 * 1024;

}  // namespace

// Destroyed with the session; nobody asks for pieces after the answer was sent.
class Session::BodyPieces final : public BodyReader {
 public:
  BodyPieces(Session& session, Compression encoding)
      : session_(session),
        decoder_(encoding == Compression::none ? nullptr : make_decompressor(encoding)) {}

  asio::awaitable<std::optional<std::string>> next() override {
    if (!decoder_) co_return co_await arrived();
    std::string out(kPiece, '\0');
    while (true) {
      if (const std::size_t size = decoder_->decode(left_, out); size > 0) {
        out.resize(size);
        co_return out;
      }
      std::optional<std::string> piece = co_await arrived();
      if (!piece) break;
      piece_ = std::move(*piece);
      left_ = piece_;
    }
    if (!decoder_->complete()) {
      throw Error(ErrorCode::invalid_request, "the compressed body ends in the middle");
    }
    co_return std::nullopt;
  }

 private:
  asio::awaitable<std::optional<std::string>> arrived() {
    try {
      co_return co_await session_.next_piece();
    } catch (const PeerGone&) {
      session_.peer_gone_ = true;
    }
    throw Error(ErrorCode::invalid_request, "the client went away in the middle of the body");
  }

  Session& session_;
  const std::unique_ptr<Decompressor> decoder_;
  std::string piece_;
  std::string_view left_;  // of it, not decoded yet
};

void Session::lend_body() {
  claim(kLent);
  reader_ = std::make_unique<BodyPieces>(*this, content_encoding());
  if (parser_->chunked()) parser_->expect_chunks(std::numeric_limits<std::uint64_t>::max());
  request_.body_reader = reader_.get();
}

// As it was sent, and nothing at its end.
asio::awaitable<std::optional<std::string>> Session::next_piece() {
  if (exchange_.body_done) co_return std::nullopt;
  co_await send_continue();
  std::string piece;
  if (!parser_->chunked()) {
    const std::uint64_t left = unread_body();
    piece.resize(std::min<std::uint64_t>(left, kPiece));
    if (!buffer_.empty()) {
      piece.resize(std::min(piece.size(), buffer_.size()));
      piece.assign(buffer_.data().substr(0, piece.size()));
      buffer_.consume(piece.size());
    } else if (!piece.empty()) {
      const asio::mutable_buffer space(piece.data(), piece.size());
      const std::size_t got = co_await read_more(space);
      piece.resize(got);
    }
    exchange_.bytes_in += piece.size();
    exchange_.body_done = unread_body() == 0;
  } else {
    while (!exchange_.body_done && request_.body.empty()) {
      exchange_.body_done = put_chunks(std::numeric_limits<std::uint64_t>::max());
      if (exchange_.body_done || !request_.body.empty()) break;
      const asio::mutable_buffer space = buffer_.prepare(kChunkSpace);
      const std::size_t got = co_await read_more(space);
      buffer_.commit(got);
    }
    piece = std::exchange(request_.body, {});
    exchange_.bytes_in += piece.size();
  }
  if (piece.empty()) co_return std::nullopt;
  co_return piece;
}

}  // namespace logctl::http
