// A bounded pool of threads for work that blocks: queries, look-ups in the store.
//
// A thread whose work takes long gets processor time after the others (base/priority.h), so that
// long questions do not slow ingest; a fresh one takes its place afterwards.
//
// Owned by the daemon; must be stopped before the io_context whose coroutines use it goes away.
#pragma once

#include "shared/base/mutex.h"
#include "shared/base/queue.h"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace logctl {

class Workers {
 public:
  // At most `queue` pieces of work wait while all `threads` are busy. `background`: all of it gets
  // processor time after the others.
  enum class Priority { usual, background };
  Workers(std::size_t threads, std::size_t queue, Priority priority = Priority::usual);
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
  // Starts a thread in the place of the calling one, which has to end then; false once they stop.
  bool replace_this_thread();

  const Priority priority_;
  BoundedQueue<std::function<void()>> queue_;
  Mutex mutex_;
  std::vector<std::thread> threads_ GUARDED_BY(mutex_);
  std::vector<std::thread> replaced_ GUARDED_BY(mutex_);  // have ended, or are about to
};

}  // namespace logctl
