#include "cli/client.h"

#include "shared/base/error.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <type_traits>

namespace logctl::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using beast::error_code;
using UnixStream = beast::basic_stream<asio::local::stream_protocol>;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

// More than any answer of the daemon; an endless one must not fill the memory.
constexpr std::uint64_t kMaxBody = 256ULL * 1024 * 1024;
constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kMaxRefusal = 1024 * 1024;
constexpr const char* kIsItThere = "is the daemon running there? `logctl serve` starts one";

template <typename Message>
Answer answer_head(const Message& message) {
  Answer answer;
  answer.status = static_cast<int>(message.result_int());
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    answer.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  return answer;
}

[[noreturn]] void fail(const std::string& where, std::string_view doing, const error_code& error) {
  const std::string what = fmt::format("{}: {}: {}", where, doing, error.message());
  if (error == beast::error::timeout) {
    throw Error(ErrorCode::timeout, fmt::format("{}: {}: no answer in time", where, doing),
                kIsItThere);
  }
  if (error.category() == asio::error::get_ssl_category()) {
    throw Error(ErrorCode::io, what,
                "SSL_CERT_FILE names a file with further certificates to trust");
  }
  throw Error(ErrorCode::unavailable, what, kIsItThere);
}

Error bad_url(std::string_view text, std::string_view why) {
  return Error(ErrorCode::usage,
               fmt::format("'{}' is no address of a daemon: {}, expected http://HOST:PORT, "
                           "https://HOST:PORT or unix:///SOCKET",
                           text, why));
}

}  // namespace

Url parse_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) throw bad_url(text, "it has no scheme");
  const std::string_view scheme = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 3);
  Url url;
  if (scheme == "unix") {
    if (!rest.starts_with('/')) throw bad_url(text, "the path of the socket must be absolute");
    url.scheme = Url::Scheme::unix_socket;
    url.host = "localhost";
    url.socket = rest;
    return url;
  }
  if (scheme == "https") {
    url.scheme = Url::Scheme::https;
  } else if (scheme != "http") {
    throw bad_url(text, fmt::format("scheme '{}' is unknown", scheme));
  }
  url.port = url.scheme == Url::Scheme::https ? 443 : 80;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  url.path = rest.substr(slash);
  while (url.path.ends_with('/')) url.path.pop_back();
  rest = rest.substr(0, slash);
  if (rest.find('@') != std::string_view::npos) throw bad_url(text, "it holds credentials");
  std::string_view port;
  if (rest.starts_with('[')) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) throw bad_url(text, "']' is missing");
    url.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && rest.front() != ':') throw bad_url(text, "the port is wrong");
    if (!rest.empty()) port = rest.substr(1);
  } else {
    const std::size_t at = rest.find(':');
    url.host = rest.substr(0, at);
    if (at != std::string_view::npos) port = rest.substr(at + 1);
  }
  if (url.host.empty()) throw bad_url(text, "it has no host");
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (error != std::errc() || end != port.data() + port.size() || url.port == 0) {
      throw bad_url(text, "the port is wrong");
    }
  }
  return url;
}

std::string_view Answer::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

// One connection, whatever lies below it.
class Client::Connection {
 public:
  virtual ~Connection() = default;
  // Nothing when the connection was closed before the first byte of an answer.
  virtual std::optional<Answer> exchange(const http::request<http::string_body>& request) = 0;
  virtual std::optional<Answer> stream(const http::request<http::string_body>& request,
                                       const Take& take) = 0;
  virtual bool open() const = 0;
};

struct Client::Outgoing {
  http::request<http::string_body> request;
};

template <typename Stream>
class Client::StreamConnection final : public Connection {
 public:
  StreamConnection(const Url& url, std::string shown, microseconds timeout)
      : shown_(std::move(shown)), timeout_(timeout), tls_(asio::ssl::context::tls_client) {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      tls_.set_default_verify_paths();
      tls_.set_verify_mode(asio::ssl::verify_peer);
      stream_.emplace(io_, tls_);
    } else {
      stream_.emplace(io_);
    }
    connect(url);
  }

  std::optional<Answer> exchange(const http::request<http::string_body>& request) override {
    lowest().expires_after(timeout_);
    error_code error = wait([&](auto done) { http::async_write(*stream_, request, done); });
    if (error == beast::error::timeout) fail(shown_, "send", error);
    // A daemon may answer (413) and close before it has read everything: the answer counts.
    http::response_parser<http::string_body> parser;
    parser.body_limit(kMaxBody);
    const error_code received =
        wait([&](auto done) { http::async_read(*stream_, buffer_, parser, done); });
    if (received) {
      open_ = false;
      if (!parser.got_some() && received != beast::error::timeout) return std::nullopt;
      fail(shown_, "receive", received);
    }
    open_ = !error && parser.get().keep_alive();
    Answer answer = answer_head(parser.get());
    answer.body = std::move(parser.get().body());
    return answer;
  }

  std::optional<Answer> stream(const http::request<http::string_body>& request,
                               const Take& take) override {
    lowest().expires_after(timeout_);
    error_code error = wait([&](auto done) { http::async_write(*stream_, request, done); });
    if (error == beast::error::timeout) fail(shown_, "send", error);
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    error = wait([&](auto done) { http::async_read_header(*stream_, buffer_, parser, done); });
    open_ = false;
    if (error && !parser.got_some() && error != beast::error::timeout) return std::nullopt;
    if (error) fail(shown_, "receive", error);
    Answer answer = answer_head(parser.get());
    std::string space(kPiece, '\0');
    while (!parser.is_done()) {
      auto& body = parser.get().body();
      body.data = space.data();
      body.size = space.size();
      body.more = true;
      lowest().expires_after(timeout_);
      error = wait([&](auto done) { http::async_read_some(*stream_, buffer_, parser, done); });
      const std::string_view piece(space.data(), space.size() - body.size);
      if (answer.status != 200) {
        answer.body.append(piece.substr(0, kMaxRefusal - answer.body.size()));
      } else if (!piece.empty() && !take(piece)) {
        return answer;
      }
      if (error && error != http::error::need_buffer) fail(shown_, "receive", error);
    }
    open_ = parser.get().keep_alive();
    return answer;
  }

  bool open() const override { return open_; }

 private:
  auto& lowest() { return beast::get_lowest_layer(*stream_); }

  // Runs one asynchronous operation to its end; time-outs exist only for those.
  error_code wait(auto start) {
    error_code result;
    start([&result](error_code error, auto&&...) { result = error; });
    io_.restart();
    io_.run();
    return result;
  }

  void connect(const Url& url) {
    lowest().expires_after(timeout_);
    error_code error;
    if constexpr (std::is_same_v<Stream, UnixStream>) {
      const asio::local::stream_protocol::endpoint endpoint(url.socket);
      error = wait([&](auto done) { stream_->async_connect(endpoint, done); });
    } else {
      tcp::resolver resolver(io_);
      const auto found = resolver.resolve(url.host, std::to_string(url.port), error);
      if (error) fail(shown_, "look up the name", error);
      lowest().expires_after(timeout_);
      error = wait([&](auto done) { lowest().async_connect(found, done); });
      if (!error) lowest().socket().set_option(tcp::no_delay(true), error);
    }
    if (error) fail(shown_, "connect", error);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_->set_verify_callback(asio::ssl::host_name_verification(url.host));
      // The macro SSL_set_tlsext_host_name without its C casts.
      SSL_ctrl(stream_->native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(url.host.c_str()));
      error =
          wait([&](auto done) { stream_->async_handshake(asio::ssl::stream_base::client, done); });
      if (error) fail(shown_, "TLS handshake", error);
    }
    open_ = true;
  }

  std::string shown_;
  microseconds timeout_;
  asio::io_context io_;
  asio::ssl::context tls_;
  std::optional<Stream> stream_;
  beast::flat_buffer buffer_;
  bool open_ = false;
};

Client::Client(std::string_view url, microseconds timeout)
    : url_(parse_url(url)), shown_(url), timeout_(timeout) {}

Client::~Client() = default;

std::unique_ptr<Client::Connection> Client::connect() {
  switch (url_.scheme) {
    case Url::Scheme::https:
      return std::make_unique<StreamConnection<TlsStream>>(url_, shown_, timeout_);
    case Url::Scheme::unix_socket:
      return std::make_unique<StreamConnection<UnixStream>>(url_, shown_, timeout_);
    case Url::Scheme::http:
      break;
  }
  return std::make_unique<StreamConnection<beast::tcp_stream>>(url_, shown_, timeout_);
}

Client::Outgoing Client::outgoing(std::string_view method, std::string_view target,
                                  const Headers& headers, std::string body) const {
  Outgoing out;
  http::request<http::string_body>& request = out.request;
  request.version(11);
  request.method_string(method);
  request.target(url_.path + std::string(target));
  const std::string host =
      url_.host.find(':') == std::string::npos ? url_.host : fmt::format("[{}]", url_.host);
  request.set(http::field::host, url_.scheme == Url::Scheme::unix_socket
                                     ? host
                                     : fmt::format("{}:{}", host, url_.port));
  request.set(http::field::user_agent, "logctl/" LOGCTL_VERSION);
  for (const auto& [name, value] : headers) request.insert(name, value);
  request.body() = std::move(body);
  request.prepare_payload();
  return out;
}

Answer Client::stream(std::string_view method, std::string_view target, const Headers& headers,
                      std::string body, const Take& take) {
  const Outgoing out = outgoing(method, target, headers, std::move(body));
  connection_ = connect();
  std::optional<Answer> answer = connection_->stream(out.request, take);
  if (!answer) {
    throw Error(ErrorCode::unavailable,
                fmt::format("{}: the connection was closed without an answer", shown_), kIsItThere);
  }
  return std::move(*answer);
}

Answer Client::send(std::string_view method, std::string_view target, const Headers& headers,
                    std::string body) {
  const Outgoing out = outgoing(method, target, headers, std::move(body));
  const http::request<http::string_body>& request = out.request;
  const bool kept = connection_ != nullptr && connection_->open();
  if (!kept) connection_ = connect();
  std::optional<Answer> answer = connection_->exchange(request);
  if (!answer && kept && method == "GET") {
    connection_ = connect();
    answer = connection_->exchange(request);
  }
  if (!answer) {
    throw Error(ErrorCode::unavailable,
                fmt::format("{}: the connection was closed without an answer", shown_), kIsItThere);
  }
  return std::move(*answer);
}

}  // namespace logctl::cli
