// One connection from its first byte to its last: reads requests, has them answered one after the
// other, and decides when the connection ends.
//
// Lives as long as its coroutine (run). is_late() and the three calls that hurry it are for any
// thread; everything else happens on the connection's executor.
#pragma once

#include "service/http/access.h"
#include "service/http/answer_head.h"
#include "service/http/body_reader.h"
#include "service/http/body_source.h"
#include "service/http/context.h"
#include "service/http/read_buffer.h"
#include "service/http/request_parser.h"
#include "shared/base/compression.h"

#include <optional>

namespace logctl::http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Context> context, std::unique_ptr<Stream> stream,
          asio::any_io_executor executor, std::string remote, unsigned surfaces);
  ~Session();

  asio::awaitable<void> run();

  // Only answers 503. Before run().
  void refuse() { refused_ = true; }

  bool is_late(Context::SteadyTime now) const;
  // Ends the running read or write if its deadline has passed.
  void expire();
  // Ends the connection after the request in hand, or now if there is none.
  void wind_down();
  // Ends the connection now; only a running handler is waited for.
  void cut();

 private:
  enum class Next {
    again,   // another request may follow
    close,   // everything was read and answered
    linger,  // the client may still be sending: read on for a while so that it sees the answer
    drop,    // the peer is gone
  };
  // The peer went away in the middle of a request.
  struct PeerGone {};

  // What is known about the request in hand; starts afresh with each.
  struct Exchange {
    static constexpr int kClientClosed = 499;  // the status for a client that went away
    Context::SteadyTime started{};
    const Route* route = nullptr;
    std::string allow;
    ErrorFormat error_format = &error_response;  // without a route
    std::optional<Timestamp> key_ends;           // when that is soon
    std::optional<microseconds> took;  // until the head, of an answer that is made while sent
    bool header_done = false;
    bool body_done = false;
    bool continue_expected = false;  // the client waits for 100 Continue
    bool keep_alive = false;
    std::uint64_t claimed = 0;  // bytes of body accounted for in the context
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
  };

  // session.cpp: the course of a connection
  asio::awaitable<Next> serve();
  asio::awaitable<Next> finish(Response& response);
  asio::awaitable<void> linger();
  void prepare_head(const Response& response);
  asio::awaitable<Next> after_answer();
  void begin();
  void record(int status);
  Response failed(const Error& error);
  Response crashed(std::string_view what);

  // session_stream.cpp: answers that are made while they are sent
  asio::awaitable<Next> stream(Response response);
  asio::awaitable<bool> send_pieces(BodySource& source);
  asio::awaitable<bool> send_piece(std::string& piece);

  // session_watch.cpp: whether the client is still there while something is made for it
  class PeerWatch;
  asio::awaitable<Response> handle_watched(const Route& route);

  // session_request.cpp: from the header to the handler
  asio::awaitable<Response> answer();
  asio::awaitable<void> admit(const Route& route);
  void require(Bucket bucket, double cost);
  void limit_body(const Route& route);
  void charge_body();
  void parse_target();
  Response options_answer(const Router::Match& match, bool preflight);

  // session_input.cpp: header and body off the wire
  asio::awaitable<bool> read_header();
  asio::awaitable<void> read_body();
  asio::awaitable<void> read_sized(std::uint64_t length);
  asio::awaitable<void> read_chunked();
  bool put_chunks(std::uint64_t limit);
  asio::awaitable<void> send_continue();
  Compression content_encoding() const;
  asio::awaitable<bool> skip_body();
  asio::awaitable<std::size_t> read_more(asio::mutable_buffer space);
  asio::awaitable<bool> write(Stream::Pieces pieces);
  asio::awaitable<bool> write_in_time(Stream::Pieces pieces);
  microseconds piece_timeout() const;
  std::uint64_t unread_body() const;
  std::string_view owner() const;  // whose memory the body takes
  void claim(std::uint64_t bytes);
  void parse_header();

  // session_pieces.cpp: a body that the handler reads
  class BodyPieces;
  void lend_body();
  asio::awaitable<std::optional<std::string>> next_piece();

  void arm(microseconds timeout);
  void disarm();
  void hasten();

  const config::Server& settings() const { return config_->server; }

  const std::shared_ptr<Context> context_;
  const std::unique_ptr<Stream> stream_;
  const asio::any_io_executor executor_;
  const std::string remote_;
  const unsigned surfaces_;
  bool refused_ = false;

  std::shared_ptr<const config::Config> config_;
  std::uint64_t generation_ = 0;

  ReadBuffer buffer_;
  std::optional<RequestParser> parser_;
  std::size_t header_bytes_ = 0;
  Request request_;
  std::unique_ptr<BodyReader> reader_;  // of the request in hand
  Exchange exchange_;
  std::string head_;

  std::atomic<std::int64_t> deadline_{0};  // steady clock; 0: none
  bool expired_ = false;                   // the last operation was ended by its deadline
  bool idle_ = false;                      // nothing of a request has arrived
  std::shared_ptr<BodySource> source_;     // of the answer that is being sent
  bool peer_gone_ = false;                 // seen while it is made or sent
};

}  // namespace logctl::http
