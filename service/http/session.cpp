#include "service/http/session.h"

#include "shared/base/ids.h"

#include <boost/asio/dispatch.hpp>

namespace logctl::http {
namespace {

// A rest of a refused body up to this size is read and thrown away to keep the connection.
constexpr std::uint64_t kSkippableBody = 64 * 1024;
// How long a connection that was ended by us may go on sending.
constexpr auto kLinger = seconds(2);
// A refused connection keeps its place no longer than this.
constexpr auto kRefusalTimeout = seconds(1);
// Bodies and buffers beyond this are given back between requests.
constexpr std::size_t kKeptCapacity = 64 * 1024;
// An answer's body up to this size is copied behind its head.
constexpr std::size_t kCopiedBody = 1024;

std::int64_t ticks(Context::SteadyTime time) { return time.time_since_epoch().count(); }

}  // namespace

Session::Session(std::shared_ptr<Context> context, std::unique_ptr<Stream> stream,
                 asio::any_io_executor executor, std::string remote, unsigned surfaces)
    : context_(std::move(context)),
      stream_(std::move(stream)),
      executor_(std::move(executor)),
      remote_(std::move(remote)),
      surfaces_(surfaces) {}

Session::~Session() { context_->bodies().give_back(owner(), exchange_.claimed); }

asio::awaitable<void> Session::run() {
  begin();
  idle_ = true;
  arm(refused_ ? kRefusalTimeout : settings().read_timeout);
  const auto failure = co_await stream_->handshake();
  disarm();
  Next next = failure ? Next::drop : Next::again;
  while (next == Next::again) next = co_await serve();

  if (next == Next::close && stream_->has_unread()) next = Next::linger;
  if (next == Next::close) {
    arm(kLinger);
    co_await stream_->end_sending();
    disarm();
  }
  if (next == Next::linger) co_await linger();
  stream_->close();
}

void Session::begin() {
  if (generation_ != context_->generation()) {
    generation_ = context_->generation();
    config_ = context_->config();
  }
  context_->bodies().give_back(owner(), exchange_.claimed);
  exchange_ = Exchange();
  exchange_.started = std::chrono::steady_clock::now();
  parser_.reset();
  header_bytes_ = 0;
  request_.method = Method::other;
  request_.target.clear();
  request_.path.clear();
  request_.parameters.clear();
  request_.path_arguments.clear();
  request_.request_id.clear();
  request_.principal.reset();
  request_.rate.reset();
  request_.caller.reset();
  request_.body_reader = nullptr;
  request_.on_hang_up = nullptr;
  reader_.reset();
  request_.remote = remote_;
  // Between requests an idle connection should cost little.
  if (request_.body.capacity() > kKeptCapacity) std::string().swap(request_.body);
  if (head_.capacity() > kKeptCapacity) std::string().swap(head_);
  request_.body.clear();
  buffer_.shrink();
  peer_gone_ = false;
}

asio::awaitable<Session::Next> Session::serve() {
  begin();
  Response response;
  bool peer_gone = false;
  try {
    const bool arrived = co_await read_header();
    if (!arrived) co_return Next::close;
    response = co_await answer();
  } catch (const PeerGone&) {
    peer_gone = true;
  } catch (const Error& error) {
    response = failed(error);
  } catch (const std::exception& error) {
    response = crashed(error.what());
  } catch (...) {
    response = crashed("an exception of unknown type");
  }
  if (peer_gone) {
    record(Exchange::kClientClosed);
    co_return Next::drop;
  }
  if (response.source) co_return co_await stream(std::move(response));
  co_return co_await finish(response);
}

// Decides whether another request may follow, and puts the head into head_.
void Session::prepare_head(const Response& response) {
  const std::uint64_t unread = unread_body();
  const bool being_read = request_.body_reader != nullptr && response.source != nullptr;
  const bool can_go_on =
      exchange_.body_done || being_read ||
      (exchange_.header_done && unread <= kSkippableBody && !exchange_.continue_expected);
  exchange_.keep_alive = exchange_.keep_alive && can_go_on && !refused_ && !context_->stopping();
  // Without chunks only the end of the connection tells where such a body ends.
  if (response.source && parser_->http_1_0()) exchange_.keep_alive = false;

  if (request_.request_id.empty()) append_uuid_v7(request_.request_id, system_clock().now());
  AnswerContext about;
  about.request_id = request_.request_id;
  about.origin = exchange_.header_done ? request_.header("origin") : std::string_view();
  about.allow = exchange_.allow;
  about.rate = request_.rate && request_.rate->limit > 0 ? &*request_.rate : nullptr;
  about.key_ends = exchange_.key_ends;
  about.server = &settings();
  about.keep_alive = exchange_.keep_alive;
  about.http_1_0 = parser_ && parser_->http_1_0();
  head_.clear();
  append_head(head_, response, about);
}

asio::awaitable<Session::Next> Session::finish(Response& response) {
  prepare_head(response);
  const bool bodiless =
      request_.method == Method::head || response.status == 204 || response.status == 304;
  std::string_view body = bodiless ? std::string_view() : std::string_view(response.body);
  if (body.size() <= kCopiedBody) {
    head_.append(body);
    body = {};
  }
  exchange_.bytes_out = head_.size() + body.size();
  const Stream::Pieces pieces = {asio::buffer(head_), asio::buffer(body)};
  const bool sent = co_await write(pieces);
  record(response.status);
  if (!sent) co_return Next::drop;
  co_return co_await after_answer();
}

asio::awaitable<Session::Next> Session::after_answer() {
  if (!exchange_.keep_alive) co_return exchange_.body_done ? Next::close : Next::linger;
  if (!exchange_.body_done) {
    const bool skipped = co_await skip_body();
    if (!skipped) co_return Next::drop;
  }
  co_return Next::again;
}

asio::awaitable<void> Session::linger() {
  // Without this, closing with unread bytes would reset the connection and could take the answer
  // out of the client's hands.
  arm(kLinger);
  const bool half_close = stream_->can_half_close();
  if (half_close) co_await stream_->end_sending();
  const auto end = std::chrono::steady_clock::now() + kLinger;
  while (!expired_ && std::chrono::steady_clock::now() < end) {
    buffer_.consume(buffer_.size());
    const asio::mutable_buffer space = buffer_.prepare();
    const Io got = co_await stream_->read_some(space);
    if (got.error || got.bytes == 0) break;
  }
  if (!half_close) {
    arm(kLinger);
    co_await stream_->end_sending();
  }
  disarm();
}

Response Session::failed(const Error& error) {
  const ErrorFormat format =
      exchange_.route != nullptr ? exchange_.route->error_format : exchange_.error_format;
  const unsigned retry_after =
      request_.rate && !request_.rate->allowed ? request_.rate->retry_after_seconds : 1;
  Response response = format(error, retry_after);
  const bool retryable = info(error.code()).retryable;
  bool says_when = false;
  for (const auto& header : response.headers) says_when |= header.first == "Retry-After";
  if (retryable && !says_when) response.with("Retry-After", std::to_string(retry_after));
  return response;
}

Response Session::crashed(std::string_view what) {
  metrics::Notice notice;
  notice.severity = metrics::Notice::Severity::error;
  notice.what = "request failed";
  notice.detail = std::string(method_name(request_.method)) + " " + request_.path + " (" +
                  request_.request_id + "): " + std::string(what);
  context_->services().observer.emit(notice);
  return failed(Error(ErrorCode::internal, "the server failed to answer this request",
                      "its log names the reason under this request id"));
}

void Session::record(int status) {
  const auto took = std::chrono::steady_clock::now() - exchange_.started;
  std::string masked;
  std::string_view target = request_.target;
  if (target.find('?') != std::string_view::npos) {
    masked = mask_target(target);
    target = masked;
  }
  metrics::RequestServed event;
  event.method = method_name(request_.method);
  event.endpoint = exchange_.route != nullptr ? exchange_.route->label : "unmatched";
  event.target = target;
  event.remote = remote_;
  event.request_id = request_.request_id;
  if (request_.principal) event.key_id = request_.principal->key_id;
  event.status = status;
  event.bytes_in = exchange_.bytes_in;
  event.bytes_out = exchange_.bytes_out;
  event.took = exchange_.took.value_or(std::chrono::duration_cast<microseconds>(took));
  context_->services().observer.emit(event);
}

void Session::arm(microseconds timeout) {
  expired_ = false;
  deadline_.store(ticks(std::chrono::steady_clock::now() + timeout), std::memory_order_relaxed);
}

void Session::disarm() { deadline_.store(0, std::memory_order_relaxed); }

bool Session::is_late(Context::SteadyTime now) const {
  const std::int64_t deadline = deadline_.load(std::memory_order_relaxed);
  return deadline != 0 && ticks(now) >= deadline;
}

void Session::expire() {
  auto end_operation = [self = shared_from_this()] {
    // The operation may have ended, and another begun, on the way here.
    if (!self->is_late(std::chrono::steady_clock::now())) return;
    self->expired_ = true;
    self->stream_->cancel();
  };
  asio::dispatch(executor_, std::move(end_operation));
}

// Who is being waited for with more patience than usual does not hold up the stop.
void Session::hasten() {
  const std::int64_t usual = ticks(std::chrono::steady_clock::now() + settings().write_timeout);
  if (deadline_.load(std::memory_order_relaxed) > usual) {
    deadline_.store(usual, std::memory_order_relaxed);
  }
}

void Session::wind_down() {
  auto end_if_idle = [self = shared_from_this()] {
    if (self->source_) {
      self->source_->wind_down();
      self->hasten();
    }
    if (!self->idle_) return;
    self->deadline_.store(1, std::memory_order_relaxed);
    self->expire();
  };
  asio::dispatch(executor_, std::move(end_if_idle));
}

void Session::cut() {
  auto close = [self = shared_from_this()] {
    self->stream_->close();
    if (self->source_) self->source_->abandon();
  };
  asio::dispatch(executor_, std::move(close));
}

}  // namespace logctl::http
