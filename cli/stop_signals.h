// Lets a command say what it has done so far when a signal ends it.
//
// While one lives, SIGINT, SIGTERM and SIGHUP (those that are not ignored) go to a thread of its
// own, which calls `last_words` and then ends the process by that signal, whatever the other
// threads do. Made before any other thread, which would take the signals otherwise.
#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace logctl::cli {

class StopSignals {
 public:
  // Called on the other thread, at most once; must not throw.
  explicit StopSignals(std::function<void()> last_words);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;

 private:
  void wait();

  const std::function<void()> last_words_;
  sigset_t signals_{};
  sigset_t before_{};
  std::thread thread_;
};

}  // namespace logctl::cli
