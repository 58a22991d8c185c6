#include "service/daemon.h"

#include "service/backup_gauges.h"
#include "service/daemon_parts.h"
#include "shared/config/options.h"

#include <csignal>
#include <thread>
#include <utility>

namespace logctl {
namespace {

// What the end takes besides the deadlines of requests and drainer.
constexpr microseconds kStopGrace = seconds(15);

}  // namespace

Daemon::Daemon(std::shared_ptr<const config::Config> config, storage::Backend& backend,
               metrics::Observer& observer, const Clock& clock, Reload reload,
               std::function<void()> prepare_store)
    : parts_(std::make_unique<Parts>(std::move(config), backend, observer, clock, std::move(reload),
                                     std::move(prepare_store))) {}

Daemon::~Daemon() = default;

void Daemon::run() {
  parts_->start();
  parts_->serve();
  parts_->stop();
}

// Bottom-up: the store and the keys, then the listeners, then what looks after them.
void Daemon::Parts::start() {
  if (health.reachable) keep_up();
  tell_backups(observer, *config);
  rules.configure(config);
  refresh_keys();
  streams.start();
  await_signal();
  server.start();
  start_timers();
  for (const std::string& address : server.addresses()) {
    notice(Severity::info, "listening", address);
  }
  if (!queue) manager.status("serving");
  manager.ready();
  watchdog.start(environment.watchdog);
}

void Daemon::Parts::serve() {
  std::vector<std::thread> io_threads;
  for (std::uint32_t i = 1; i < config->server.io_threads; ++i) {
    io_threads.emplace_back([this] { io.run(); });
  }
  io.run();
  for (std::thread& thread : io_threads) thread.join();
}

// Top-down. Nothing new can come any more: what was taken is made durable first, while signals are
// still heard, so that a second one can hurry it.
void Daemon::Parts::stop() {
  io.restart();  // before the thread may stop it
  std::thread to_disk([this] {
    if (look_ups) look_ups->stop();
    streams.stop_writing();
    intake().stop();
    if (queue) queue->stop(hurried ? microseconds(0) : config->server.shutdown_timeout);
    letters.stop();
    io.stop();
  });
  io.run();
  to_disk.join();
  for (auto& timer : timers) timer->stop();
  workers.stop();
  heavy.stop();
  others.stop();
  hub.stop();
  streams.stop();
  try {
    authenticator.flush_use();
  } catch (const Error& error) {
    observer.emit(metrics::StoreFailed{"keys", error.message()});
  }
  notice(Severity::info, "stopped");
}

void Daemon::Parts::await_signal() {
  // Waited for again only when handled: two signals are never handled at once.
  signals.async_wait([this](const boost::system::error_code& failed, int signal) {
    if (failed) return;
    if (signal == SIGHUP) {
      reload_now();
    } else {
      begin_to_stop();
    }
    await_signal();
  });
}

// Ends serve(); by a second signal at once.
void Daemon::Parts::begin_to_stop() {
  const bool again = std::exchange(stopping, true);
  ops.set_draining();
  manager.stopping(2 * config->server.shutdown_timeout + kStopGrace);
  manager.status("stopping: running requests end, what was taken is brought to disk");
  housekeeper.stop();
  if (again) hurried = true;
  if (again && queue) queue->hurry();
  notice(Severity::info, again ? "stopping now" : "stopping");
  server.stop(again ? microseconds(0) : config->server.shutdown_timeout, [this] { io.stop(); });
}

void Daemon::Parts::reload_now() {
  manager.reloading();
  try {
    const std::shared_ptr<const config::Config> fresh = reload();
    authenticator.configure(*fresh);
    rate_limits = fresh->ratelimit.enabled;
    expiry_notice = fresh->auth.expiry_notice;
    rules.configure(fresh);
    housekeeper.configure(fresh);
    letters.configure(*fresh);
    logs.configure(fresh);
    counts.configure(fresh);
    stream.configure(fresh);
    tailing.configure(fresh);
    streams.configure(fresh);
    ops.configure(fresh);
    server.configure(fresh);
    observer.configure(*fresh);
    std::string later;
    for (const std::string_view key : config::needing_restart(*config, *fresh)) {
      later += later.empty() ? "after a restart only: " : ", ";
      later += key;
    }
    notice(later.empty() ? Severity::info : Severity::warn, "configuration reloaded", later);
  } catch (const std::exception& error) {
    notice(Severity::error, "configuration not reloaded, the old one stays in force", error.what());
  }
  manager.ready();
}

// With a spool, keys are as the last daemon here knew them while the store is away.
void Daemon::Parts::refresh_keys() {
  try {
    authenticator.refresh();
  } catch (const Error& error) {
    if (!queue || error.code() != ErrorCode::unavailable) throw;
    notice(Severity::warn, "keys not known until the store is back", error.message());
  }
}

void Daemon::Parts::notice(Severity severity, std::string_view what, std::string detail) {
  observer.emit(metrics::Notice{severity, what, std::move(detail)});
}

}  // namespace logctl
