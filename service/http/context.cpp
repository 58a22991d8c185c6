#include "service/http/context.h"

#include "service/http/session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace logctl::http {
namespace {

// Connections beyond max_connections that are answered 503 at the same time; more wait in the
// kernel's queue.
constexpr std::size_t kRefusals = 64;

// How often deadlines are looked at: fine enough for the shortest of them, coarse enough to cost
// nothing. One look at all connections is much cheaper than a timer for every read and write.
milliseconds watch_interval(const config::Server& server) {
  const microseconds shortest =
      std::min({server.read_timeout, server.write_timeout, server.idle_timeout});
  return std::clamp(std::chrono::floor<milliseconds>(shortest / 8), milliseconds(5),
                    milliseconds(250));
}

}  // namespace

Context::Context(asio::io_context& io, Services services)
    : io_(io),
      single_threaded_(services.config->server.io_threads <= 1),
      services_(std::move(services)),
      control_(new_executor()),
      watch_timer_(control_),
      cut_timer_(control_) {
  configure(services_.config);
}

std::shared_ptr<const config::Config> Context::config() const {
  const Lock lock(mutex_);
  return config_;
}

void Context::configure(std::shared_ptr<const config::Config> config) {
  max_connections_ = config->server.max_connections;
  bodies_.set_limit(config->server.max_pending_bytes);
  const Lock lock(mutex_);
  config_ = std::move(config);
  generation_.fetch_add(1, std::memory_order_release);
}

asio::any_io_executor Context::new_executor() {
  if (single_threaded_) return io_.get_executor();
  return asio::make_strand(io_);
}

bool Context::has_room() const { return open_ < max_connections_ + kRefusals; }

void Context::open(std::unique_ptr<Stream> stream, asio::any_io_executor executor,
                   std::string remote, unsigned surfaces) {
  auto self = shared_from_this();
  auto session =
      std::make_shared<Session>(self, std::move(stream), executor, std::move(remote), surfaces);
  bool start_watching = false;
  {
    const Lock lock(mutex_);
    if (stopping_) return;
    sessions_.insert(session.get());
    open_ = sessions_.size();
    if (open_ > max_connections_) session->refuse();
    start_watching = !std::exchange(watching_, true);
  }
  services_.observer.set_connections(static_cast<std::int64_t>(connections()));
  // The session outlives its coroutine, and is taken off the list when the frames are gone.
  auto run = [session] { return session->run(); };
  auto ended = [self, session](std::exception_ptr) { self->closed(session.get()); };
  asio::co_spawn(executor, std::move(run), std::move(ended));
  if (start_watching) {
    auto watch = [self] { return self->watch_deadlines(); };
    asio::co_spawn(control_, std::move(watch), asio::detached);
  }
}

void Context::closed(Session* session) {
  std::vector<std::function<void()>> done;
  bool last = false;
  {
    const Lock lock(mutex_);
    sessions_.erase(session);
    open_ = sessions_.size();
    last = sessions_.empty() && stopping_;
    if (last) done.swap(when_done_);
  }
  services_.observer.set_connections(static_cast<std::int64_t>(connections()));
  if (last) finish(std::move(done));
}

void Context::finish(std::vector<std::function<void()>> done) {
  auto end = [self = shared_from_this(), done = std::move(done)] {
    self->watch_timer_.cancel();
    self->cut_timer_.cancel();
    for (const auto& callback : done) {
      if (callback) callback();
    }
  };
  asio::post(control_, std::move(end));
}

std::vector<std::shared_ptr<Session>> Context::sessions() const {
  std::vector<std::shared_ptr<Session>> list;
  const Lock lock(mutex_);
  list.reserve(sessions_.size());
  for (Session* session : sessions_) list.push_back(session->shared_from_this());
  return list;
}

asio::awaitable<void> Context::watch_deadlines() {
  const auto token = asio::as_tuple(asio::use_awaitable);
  std::vector<std::shared_ptr<Session>> late;
  while (true) {
    watch_timer_.expires_after(watch_interval(config()->server));
    co_await watch_timer_.async_wait(token);
    {
      const auto now = std::chrono::steady_clock::now();
      const Lock lock(mutex_);
      if (sessions_.empty()) {
        watching_ = false;
        co_return;
      }
      for (Session* session : sessions_) {
        if (session->is_late(now)) late.push_back(session->shared_from_this());
      }
    }
    for (const auto& session : late) session->expire();
    late.clear();
  }
}

void Context::stop(microseconds deadline, std::function<void()> done) {
  const SteadyTime at = std::chrono::steady_clock::now() + deadline;
  bool idle = false;
  bool earlier = false;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    idle = sessions_.empty();
    earlier = at < cut_at_;
    if (earlier) cut_at_ = at;
    if (!idle) when_done_.push_back(std::move(done));
  }
  if (idle) {
    finish({std::move(done)});
    return;
  }
  for (const auto& session : sessions()) session->wind_down();
  if (earlier) schedule_cut(at);
}

void Context::schedule_cut(SteadyTime at) {
  auto start = [self = shared_from_this(), at] {
    self->cut_timer_.expires_at(at);
    auto fire = [self](const boost::system::error_code& error) {
      if (!error) self->cut_all();
    };
    self->cut_timer_.async_wait(std::move(fire));
  };
  asio::post(control_, std::move(start));
}

void Context::cut_all() {
  for (const auto& session : sessions()) session->cut();
}

}  // namespace logctl::http
