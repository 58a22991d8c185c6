// A bounded pool of threads for work that blocks: queries, look-ups in the store.
//
// Owned by the daemon; must be stopped before the io_context whose coroutines use it goes away.
#pragma once

#include "shared/base/queue.h"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace logctl {

class Workers {
 public:
  // At most `queue` pieces of work wait while all `threads` are busy.
  Workers(std::size_t threads, std::size_t queue);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Runs `work` on a thread of the pool and resumes the caller on its own executor. What the work
  // throws is thrown here. Throws Error{overloaded} when the queue is full, Error{unavailable}
  // after stop(). Thread-safe.
  boost::asio::awaitable<void> run(std::function<void()> work);

  // Takes no more work, finishes what was taken and ends the threads. Idempotent.
  void stop();

 private:
  void loop();

  BoundedQueue<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace logctl
