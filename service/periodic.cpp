#include "service/periodic.h"

#include <exception>
#include <utility>

namespace logctl {

Periodic::Periodic(microseconds interval, std::function<void()> work,
                   std::function<void(const std::string&)> failed)
    : interval_(interval),
      work_(std::move(work)),
      failed_(std::move(failed)),
      thread_([this] { run(); }) {}

Periodic::~Periodic() { stop(); }

void Periodic::stop() {
  {
    Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Periodic::run() {
  while (true) {
    const auto next = std::chrono::steady_clock::now() + interval_;
    mutex_.lock();
    while (!stopping_ && wake_.wait_until(mutex_, next) != std::cv_status::timeout) {
    }
    const bool stopping = stopping_;
    mutex_.unlock();
    if (stopping) return;
    try {
      work_();
    } catch (const std::exception& error) {
      failed_(error.what());
    }
  }
}

}  // namespace logctl
