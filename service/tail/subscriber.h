// What waits for one client of the live tail: bounded, and what did not fit is counted.
//
// Thread-safe: the hub fills it, the client's connection empties it.
#pragma once

#include "shared/base/mutex.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace logctl::tail {

// A record as it is sent; shared by all who want it.
struct Event {
  std::string position;  // format_position
  std::string json;      // one line
};
using EventPointer = std::shared_ptr<const Event>;

class Subscriber {
 public:
  explicit Subscriber(std::uint64_t max_bytes) : max_bytes_(max_bytes) {}

  // The hub's side. While there is no room, events are skipped until everything before them was
  // taken, so that the order holds and the gap is in one place.
  void push(const EventPointer& event);
  void skip(std::uint64_t records);
  // Wakes who waits if there is anything to take.
  void notify();

  struct Taken {
    std::vector<EventPointer> events;
    std::uint64_t skipped = 0;  // after the events
    bool empty() const { return events.empty() && skipped == 0; }
  };
  // About `bytes` of what waits. When there is nothing, `wake` is called once as soon as there is,
  // on any thread.
  Taken take(std::size_t bytes, std::function<void()> wake);
  std::uint64_t waiting_bytes() const;

  // Nobody takes any more; the hub forgets it.
  void close();
  bool closed() const { return closed_.load(std::memory_order_relaxed); }

 private:
  const std::uint64_t max_bytes_;
  std::atomic<bool> closed_ = false;
  mutable Mutex mutex_;
  std::deque<EventPointer> events_ GUARDED_BY(mutex_);
  std::uint64_t bytes_ GUARDED_BY(mutex_) = 0;
  std::uint64_t skipped_ GUARDED_BY(mutex_) = 0;
  std::function<void()> wake_ GUARDED_BY(mutex_);
};

}  // namespace logctl::tail
