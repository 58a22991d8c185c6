// Questions that may keep the store busy for long: few at a time, on threads of their own, so that
// look-ups, short questions and ingest find theirs free; and they end when nobody waits any more.
//
// Thread-safe. Outlives whoever asks; the io_context outlives it.
#pragma once

#include "service/workers.h"
#include "shared/base/cancellation.h"
#include "shared/base/queue.h"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>

namespace logctl {

class HeavyWork {
 public:
  // `most` askers with a place at once; `threads` pieces of work run at the same time, `waiting`
  // may wait besides those of askers with a place.
  HeavyWork(std::size_t threads, std::size_t most, std::size_t waiting = 0);
  ~HeavyWork();
  HeavyWork(const HeavyWork&) = delete;

  // One of the places, given back when this goes away.
  class Place {
   public:
    explicit Place(HeavyWork& owner) : owner_(owner) {}
    ~Place() { --owner_.taken_; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    HeavyWork& owner_;
  };
  // Throws Error{overloaded} when all are taken.
  std::unique_ptr<Place> enter();

  // Runs `work` on a thread of its own kind, for `asker`; what it throws is thrown here.
  boost::asio::awaitable<void> run(std::shared_ptr<Cancellation> asker, std::function<void()> work);
  // Cancels on another thread.
  void cancel(std::shared_ptr<Cancellation> asker);

  void stop();  // ends the threads after what they have; idempotent

 private:
  void cancel_all();

  const std::size_t most_;
  std::atomic<std::size_t> taken_ = 0;
  Workers workers_;
  BoundedQueue<std::shared_ptr<Cancellation>> cancelled_;
  std::thread canceller_;
};

}  // namespace logctl
