#include "shared/base/priority.h"

#include <chrono>
#include <optional>
#include <sys/resource.h>
#include <unistd.h>

namespace logctl {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Most questions are answered within this.
constexpr std::chrono::milliseconds kShort{50};

thread_local bool has_stepped_back = false;
thread_local std::optional<SteadyClock::time_point> begun;

}  // namespace

void step_back() {
  constexpr int kNice = 10;
  // On Linux this is about one thread.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
  has_stepped_back = true;
}

bool stepped_back() { return has_stepped_back; }

void begin_work() { begun = SteadyClock::now(); }

void look_at_work() {
  if (!has_stepped_back && begun && SteadyClock::now() - *begun > kShort) step_back();
}

}  // namespace logctl
