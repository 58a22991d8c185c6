// Ends, from another thread, what a thread does for somebody who no longer waits for it.
//
// Who asks holds a Cancellation and opens a Scope on the thread that does the work; what can be
// interrupted (a statement at a server, a scan) says so with Running, or looks at `requested`
// regularly. Thread-safe.
#pragma once

#include "shared/base/mutex.h"

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace logctl {

class Cancellation {
 public:
  // Interrupts what runs now, and at once what begins later. May take as long as a connection to
  // the server does: not for io threads.
  void cancel();
  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }

  // What the calling thread does until the end of the scope is for `owner`.
  class Scope {
   public:
    explicit Scope(std::shared_ptr<Cancellation> owner);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    std::shared_ptr<Cancellation> outer_;
  };

  // True when nobody waits any more for what the calling thread does.
  static bool requested();
  // Throws Error{timeout} then.
  static void check();

  // While this lives, a cancellation of what the calling thread does calls `interrupt`, on the
  // thread that cancels; never after the destructor has returned. It must not throw.
  class Running {
   public:
    explicit Running(std::function<void()> interrupt);
    ~Running();
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    const std::shared_ptr<Cancellation> owner_;
    const std::function<void()> interrupt_;
  };

 private:
  std::atomic<bool> cancelled_ = false;
  Mutex mutex_;
  std::vector<const std::function<void()>*> running_ GUARDED_BY(mutex_);
};

}  // namespace logctl
