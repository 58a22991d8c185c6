// Tells systemd, or whoever set $NOTIFY_SOCKET, how the daemon does: the sd_notify protocol
// (sd_notify(3)), one datagram per message. Without that variable nothing is sent; a message that
// cannot be sent is lost without harm. Thread-safe.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"

#include <string>
#include <string_view>

namespace logctl {

class ServiceManager {
 public:
  // `socket`: a path, or `@` and a name in the abstract namespace; empty: nobody listens.
  explicit ServiceManager(std::string socket);

  void ready();
  void reloading();  // ready() follows
  // The end may take as long as `grace`, whatever the manager thinks by itself.
  void stopping(microseconds grace);
  // The start takes at least so much longer.
  void extend(microseconds more);
  void watchdog();  // still alive
  // One line for `systemctl status`. Sent only when it changed.
  void status(std::string_view text);

 private:
  void send(std::string_view message) const;

  const std::string socket_;
  Mutex mutex_;
  std::string last_status_ GUARDED_BY(mutex_);
};

}  // namespace logctl
