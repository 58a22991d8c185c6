// What all listeners and sessions of one server share: services, configuration, the list of open
// connections, and the end of them all.
//
// Thread-safe. Kept alive by every session, so it outlives the last of them.
#pragma once

#include "service/http/server.h"
#include "service/http/stream.h"
#include "shared/base/fair_share.h"
#include "shared/base/mutex.h"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <unordered_set>

namespace logctl::http {

class Session;

class Context : public std::enable_shared_from_this<Context> {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  Context(asio::io_context& io, Services services);

  const Services& services() const { return services_; }
  std::shared_ptr<const config::Config> config() const;
  // Grows with every configure(): lets sessions keep their copy until it changes.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  void configure(std::shared_ptr<const config::Config> config);

  // For one connection: a strand, or the bare io_context when only one thread runs it.
  asio::any_io_executor new_executor();
  // False when so many connections are open that not even a refusal can be answered.
  bool has_room() const;
  // Starts a session; past max_connections one that only answers 503.
  void open(std::unique_ptr<Stream> stream, asio::any_io_executor executor, std::string remote,
            unsigned surfaces);
  std::size_t connections() const { return open_.load(std::memory_order_relaxed); }

  // Memory of request bodies, shared fairly between the keys that send them (fair_share.h).
  FairShare& bodies() { return bodies_; }

  bool stopping() const { return stopping_.load(std::memory_order_acquire); }
  void stop(microseconds deadline, std::function<void()> done);

 private:
  void closed(Session* session);
  // Ends the timers and tells who waits for the end.
  void finish(std::vector<std::function<void()>> done);
  asio::awaitable<void> watch_deadlines();
  void schedule_cut(SteadyTime at);
  void cut_all();
  std::vector<std::shared_ptr<Session>> sessions() const;

  asio::io_context& io_;
  const bool single_threaded_;
  const Services services_;
  asio::any_io_executor control_;  // timers live here
  asio::steady_timer watch_timer_;
  asio::steady_timer cut_timer_;

  std::atomic<std::uint64_t> generation_{1};
  std::atomic<std::size_t> open_{0};
  FairShare bodies_{0};
  std::atomic<std::uint32_t> max_connections_{0};
  std::atomic<bool> stopping_{false};

  mutable Mutex mutex_;
  std::shared_ptr<const config::Config> config_ GUARDED_BY(mutex_);
  std::unordered_set<Session*> sessions_ GUARDED_BY(mutex_);
  bool watching_ GUARDED_BY(mutex_) = false;
  SteadyTime cut_at_ GUARDED_BY(mutex_) = SteadyTime::max();
  std::vector<std::function<void()>> when_done_ GUARDED_BY(mutex_);
};

}  // namespace logctl::http
