#include "shared/spool/interval_sync.h"

#include <utility>

namespace logctl::spool {

IntervalSync::IntervalSync(microseconds interval, std::function<void()> sync)
    : interval_(interval), sync_(std::move(sync)), thread_([this] { run(); }) {}

IntervalSync::~IntervalSync() {
  {
    Lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void IntervalSync::written() {
  {
    Lock lock(mutex_);
    if (std::exchange(dirty_, true)) return;
  }
  changed_.notify_all();
}

void IntervalSync::run() {
  mutex_.lock();
  while (!stopped_) {
    if (!dirty_) {
      changed_.wait(mutex_);
      continue;
    }
    const auto due = std::chrono::steady_clock::now() + interval_;
    while (!stopped_ && changed_.wait_until(mutex_, due) != std::cv_status::timeout) {
    }
    if (stopped_) break;
    dirty_ = false;  // before syncing: what is written meanwhile waits for the next one
    mutex_.unlock();
    sync_();
    mutex_.lock();
  }
  mutex_.unlock();
}

}  // namespace logctl::spool
