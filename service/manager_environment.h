// What systemd, or whoever started the daemon, says in the environment: where to report, how often,
// and which sockets are already open.
#pragma once

#include "shared/base/clock.h"

#include <string>
#include <vector>

namespace logctl {

struct ManagerEnvironment {
  std::string notify_socket;  // empty: nobody listens
  microseconds watchdog{0};   // 0: nobody waits
  std::vector<int> sockets;   // owned by whoever listens on them
};

// From NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID, LISTEN_FDS and LISTEN_PID; what is meant for
// another process does not count. Takes care that children do not inherit the sockets.
ManagerEnvironment manager_environment();

}  // namespace logctl
