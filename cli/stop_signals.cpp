#include "cli/stop_signals.h"

#include <initializer_list>
#include <utility>

namespace logctl::cli {
namespace {

constexpr int kEnd = SIGUSR2;  // by the destructor

}  // namespace

StopSignals::StopSignals(std::function<void()> last_words) : last_words_(std::move(last_words)) {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler != SIG_IGN) sigaddset(&signals_, signal);
  }
  sigaddset(&signals_, kEnd);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  thread_ = std::thread([this] { wait(); });
}

StopSignals::~StopSignals() {
  pthread_kill(thread_.native_handle(), kEnd);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void StopSignals::wait() {
  int signal = 0;
  if (sigwait(&signals_, &signal) != 0 || signal == kEnd) return;
  last_words_();
  std::signal(signal, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  std::raise(signal);
}

}  // namespace logctl::cli
