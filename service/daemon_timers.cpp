#include "service/backup_gauges.h"
#include "service/daemon_parts.h"
#include "service/gauges.h"

#include <chrono>
#include <string>
#include <utility>

namespace logctl {
namespace {

constexpr microseconds kKeyRefresh = milliseconds(400);  // a revoked key ends within a second
constexpr microseconds kUseFlush = seconds(5);
constexpr microseconds kCountFlush = seconds(1);
constexpr microseconds kHealthCheck = seconds(1);
constexpr microseconds kBooks = seconds(5);
constexpr microseconds kUpkeep = seconds(60);
constexpr microseconds kBackups = seconds(15);
constexpr microseconds kRetentionRules = seconds(2);

}  // namespace

void Daemon::Parts::start_timers() {
  every(kKeyRefresh, "keys", [this] { authenticator.refresh(); });
  every(kUseFlush, "keys", [this] { authenticator.flush_use(); });
  every(kCountFlush, "count", [this] { intake().flush_counts(); });
  every(kHealthCheck, "ping", [this] {
    ask_store(*backend.logs, health, observer);
    tell_gauges();
  });
  every(kBooks, "accounts", [this] {
    if (health.reachable) {
      books.refresh();
    } else {
      books.publish();
    }
  });
  every(kUpkeep, "maintain", [this] { keep_up(); });
  every(kRetentionRules, "retention rules", [this] { rules.refresh(); });
  every(housekeeper.tick(), "maintenance", [this] {
    if (health.reachable) housekeeper.look();
  });
  every(kBackups, "backups", [this] { tell_backups(observer, *config); });
}

void Daemon::Parts::every(microseconds interval, std::string_view operation,
                          std::function<void()> work) {
  auto failed = [this, operation](const std::string& message) {
    observer.emit(metrics::StoreFailed{operation, message});
  };
  timers.push_back(std::make_unique<Periodic>(interval, std::move(work), std::move(failed)));
}

void Daemon::Parts::tell_gauges() {
  observer.set_connections(static_cast<std::int64_t>(server.connections()));
  observer.set_body_bytes(server.body_bytes());
  const storage::PoolUse pool = backend.logs->pool_use();
  observer.set_pool(pool.in_use, pool.idle);
  tell_keys(observer, authenticator.census(clock.now(), expiry_notice));
  observer.set_queue(intake().waiting(), intake().waiting_bytes());
  streams.tend();
  if (!queue) return;
  const QueueState state = queue->state();
  tell_spool(observer, state);
  manager.status(describe(state));
}

// A store that cannot be kept up still takes and gives records.
void Daemon::Parts::keep_up() {
  limiter.sweep(std::chrono::steady_clock::now());
  try {
    backend.logs->maintain(clock.now());
  } catch (const Error& error) {
    observer.emit(metrics::StoreFailed{"maintain", error.message()});
  }
}

}  // namespace logctl
