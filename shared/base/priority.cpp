#include "shared/base/priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace logctl {

void step_back() {
  constexpr int kNice = 10;
  // On Linux this is about one thread.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
}

}  // namespace logctl
