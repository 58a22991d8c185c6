#include "service/tail/subscriber.h"

#include <utility>

namespace logctl::tail {
namespace {

std::uint64_t cost_of(const Event& event) {
  return event.position.size() + event.json.size() + sizeof(EventPointer);
}

}  // namespace

void Subscriber::push(const EventPointer& event) {
  const Lock lock(mutex_);
  const std::uint64_t cost = cost_of(*event);
  const bool fits = events_.empty() || bytes_ + cost <= max_bytes_;
  if (skipped_ > 0 || !fits) {
    ++skipped_;
    return;
  }
  events_.push_back(event);
  bytes_ += cost;
}

void Subscriber::skip(std::uint64_t records) {
  const Lock lock(mutex_);
  skipped_ += records;
}

void Subscriber::notify() {
  std::function<void()> wake;
  {
    const Lock lock(mutex_);
    if (events_.empty() && skipped_ == 0) return;
    wake.swap(wake_);
  }
  if (wake) wake();
}

Subscriber::Taken Subscriber::take(std::size_t bytes, std::function<void()> wake) {
  Taken taken;
  std::size_t size = 0;
  const Lock lock(mutex_);
  while (!events_.empty() && size < bytes) {
    const std::uint64_t cost = cost_of(*events_.front());
    size += cost;
    bytes_ -= cost;
    taken.events.push_back(std::move(events_.front()));
    events_.pop_front();
  }
  if (events_.empty()) taken.skipped = std::exchange(skipped_, 0);
  if (taken.empty()) wake_ = std::move(wake);
  return taken;
}

std::uint64_t Subscriber::waiting_bytes() const {
  const Lock lock(mutex_);
  return bytes_;
}

void Subscriber::close() {
  closed_.store(true, std::memory_order_relaxed);
  std::function<void()> dropped;  // destroyed outside the lock
  const Lock lock(mutex_);
  dropped.swap(wake_);
  events_.clear();
  bytes_ = 0;
}

}  // namespace logctl::tail
