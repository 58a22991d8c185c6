// A bounded queue between threads. Full is an answer, not a wait: the caller turns it into a 503.
#pragma once

#include "shared/base/mutex.h"

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace logctl {

enum class Push { ok, full, closed };

// Every item has a cost (bytes, say); the queue is full when the costs reach the limit.
// Thread-safe.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t max_cost) : max_cost_(max_cost) {}

  // Takes the item only on Push::ok. An item dearer than the limit is taken when the queue is
  // empty.
  [[nodiscard]] Push push(T&& item, std::size_t cost) {
    bool enough = false;
    {
      Lock lock(mutex_);
      if (closed_) return Push::closed;
      if (!items_.empty() && cost_ + cost > max_cost_) return Push::full;
      items_.emplace_back(std::move(item), cost);
      cost_ += cost;
      enough = items_.size() >= wanted_;
    }
    ready_.notify_one();
    if (enough) enough_.notify_one();
    return Push::ok;
  }

  // Waits for at least one item, then takes items from the front while their costs stay within
  // `max_cost` and their number within `max_items` (the first one is always taken). Empty means
  // closed and drained.
  std::vector<T> pop_some(std::size_t max_items, std::size_t max_cost) {
    std::vector<T> taken;
    mutex_.lock();
    while (items_.empty() && !closed_) ready_.wait(mutex_);
    std::size_t cost = 0;
    while (!items_.empty() && taken.size() < max_items &&
           (taken.empty() || cost + items_.front().second <= max_cost)) {
      cost += items_.front().second;
      taken.push_back(std::move(items_.front().first));
      items_.pop_front();
    }
    cost_ -= cost;
    mutex_.unlock();
    return taken;
  }

  // A wait for more than one item: woken once for all of them, not for each.
  struct Wait {
    std::chrono::steady_clock::time_point deadline;  // takes what there is then
    std::size_t items = 1;
  };

  // Waits for an item, or as `wait` says, then moves items from the front to the end of `taken`
  // while `fits(item)`, which runs under the lock. False: nothing more can be had just now, because
  // the next item does not fit, the time is over, or the queue is closed and drained.
  template <typename Fits>
  bool pop_while(std::vector<T>& taken, Fits fits, std::optional<Wait> wait = std::nullopt) {
    mutex_.lock();
    if (wait) {
      bool in_time = true;
      while (items_.size() < wait->items && !closed_ && in_time) {
        wanted_ = wait->items;
        in_time = enough_.wait_until(mutex_, wait->deadline) == std::cv_status::no_timeout;
      }
    } else {
      while (items_.empty() && !closed_) ready_.wait(mutex_);
    }
    bool more = !items_.empty();
    while (more && !items_.empty()) {
      more = fits(items_.front().first);
      if (!more) break;
      cost_ -= items_.front().second;
      taken.push_back(std::move(items_.front().first));
      items_.pop_front();
    }
    const bool left = !items_.empty();
    mutex_.unlock();
    if (left) ready_.notify_one();  // this consumer may have taken the wake-up of another one
    return more;
  }

  // No more pushes; waiting consumers drain what is left and then get nothing.
  void close() {
    {
      Lock lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
    enough_.notify_all();
  }

  std::size_t size() const {
    Lock lock(mutex_);
    return items_.size();
  }
  std::size_t cost() const {
    Lock lock(mutex_);
    return cost_;
  }

 private:
  const std::size_t max_cost_;
  mutable Mutex mutex_;
  Condition ready_;
  std::deque<std::pair<T, std::size_t>> items_ GUARDED_BY(mutex_);
  std::size_t cost_ GUARDED_BY(mutex_) = 0;
  Condition enough_;  // for those who wait for several; when they are many, by their deadline
  std::size_t wanted_ GUARDED_BY(mutex_) = 1;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace logctl
