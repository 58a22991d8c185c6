// A mutex and lock that clang's -Wthread-safety understands (it does not know libstdc++'s
// std::mutex). Members are marked GUARDED_BY(mutex_); no lock is held while calling another module.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define LOGCTL_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define LOGCTL_THREAD_ANNOTATION(x)
#endif
#define GUARDED_BY(x) LOGCTL_THREAD_ANNOTATION(guarded_by(x))
#define REQUIRES_LOCK(x) LOGCTL_THREAD_ANNOTATION(requires_capability(x))

namespace logctl {

class LOGCTL_THREAD_ANNOTATION(capability("mutex")) Mutex {
 public:
  void lock() LOGCTL_THREAD_ANNOTATION(acquire_capability()) { mutex_.lock(); }
  void unlock() LOGCTL_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class LOGCTL_THREAD_ANNOTATION(scoped_lockable) Lock {
 public:
  explicit Lock(Mutex& mutex) LOGCTL_THREAD_ANNOTATION(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~Lock() LOGCTL_THREAD_ANNOTATION(release_capability()) { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

// Waits on a Mutex that the caller holds; always in a loop over the condition.
using Condition = std::condition_variable_any;

}  // namespace logctl
