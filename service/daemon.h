// The daemon: owns every part, starts them bottom-up and stops them top-down.
//
// run() blocks the calling thread until a signal ends the daemon. TERM and INT drain and return; a
// second one cuts connections but still commits what was taken; HUP asks `reload` for a new
// configuration and keeps the old one when that throws.
#pragma once

#include "shared/base/clock.h"
#include "shared/config/config.h"
#include "shared/metrics/observer.h"
#include "shared/storage/backend.h"

#include <functional>
#include <memory>

namespace logctl {

class Daemon {
 public:
  using Reload = std::function<std::shared_ptr<const config::Config>()>;

  // Everything lent must outlive the daemon. `prepare_store` throws until the store's schema is
  // what this binary needs: called at once, except when there is a spool that can wait for the
  // store.
  Daemon(std::shared_ptr<const config::Config> config, storage::Backend& backend,
         metrics::Observer& observer, const Clock& clock, Reload reload,
         std::function<void()> prepare_store);
  ~Daemon();

  // Listens (the log names the addresses) and serves until a signal. Throws Error when it cannot
  // start.
  void run();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace logctl
