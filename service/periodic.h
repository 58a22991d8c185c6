// A thread that does one small thing again and again: the daemon's timers.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"

#include <functional>
#include <string>
#include <thread>

namespace logctl {

// Calls `work` every `interval` (counted from the end of the last call) until stopped. An exception
// goes to `failed` and the next turn comes as usual. Starts at once; stop() waits for a running
// call.
class Periodic {
 public:
  Periodic(microseconds interval, std::function<void()> work,
           std::function<void(const std::string& message)> failed);
  ~Periodic();
  Periodic(const Periodic&) = delete;

  void stop();

 private:
  void run();

  const microseconds interval_;
  const std::function<void()> work_;
  const std::function<void(const std::string&)> failed_;
  Mutex mutex_;
  Condition wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace logctl
