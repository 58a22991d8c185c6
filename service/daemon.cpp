#include "service/daemon.h"

#include "service/accounting_view.h"
#include "service/backup_gauges.h"
#include "service/durable_queue.h"
#include "service/heavy_work.h"
#include "service/housekeeper.h"
#include "service/http/access.h"
#include "service/http/server.h"
#include "service/instance.h"
#include "service/look_ups.h"
#include "service/manager_environment.h"
#include "service/periodic.h"
#include "service/routes.h"
#include "service/service_manager.h"
#include "service/tail/others.h"
#include "service/tail/publishing_store.h"
#include "service/watchdog.h"
#include "service/workers.h"
#include "shared/auth/authenticator.h"
#include "shared/auth/remembered_keys.h"
#include "shared/base/time_text.h"
#include "shared/config/options.h"
#include "shared/config/target.h"
#include "shared/ingest/committer.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ingest/rules.h"
#include "shared/ratelimit/limiter.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <csignal>
#include <thread>
#include <utility>

namespace logctl {
namespace {

using metrics::Notice;
using Severity = metrics::Notice::Severity;

constexpr microseconds kKeyRefresh = milliseconds(400);  // a revoked key ends within a second
constexpr microseconds kUseFlush = seconds(5);
constexpr microseconds kCountFlush = seconds(1);
constexpr microseconds kHealthCheck = seconds(1);
constexpr microseconds kBooks = seconds(5);
constexpr microseconds kUpkeep = seconds(60);
constexpr microseconds kBackups = seconds(15);
constexpr microseconds kRetentionRules = seconds(2);

// What the start may take until it says again that it goes on.
constexpr microseconds kStartGrace = seconds(60);
// What the end takes besides the deadlines of requests and drainer.
constexpr microseconds kStopGrace = seconds(15);

}  // namespace

// Members in the order in which they are built; destroyed in reverse.
struct Daemon::Parts {
  Parts(std::shared_ptr<const config::Config> configuration, storage::Backend& store,
        metrics::Observer& events, const Clock& time, Reload reload_config,
        std::function<void()> prepare_store)
      : config(std::move(configuration)),
        backend(store),
        observer(events),
        clock(time),
        reload(std::move(reload_config)),
        prepare(std::move(prepare_store)),
        claim(claim_directory(config::home_directory(*config), clock)),
        instance(instance_id(config::home_directory(*config), clock)),
        manager(environment.notify_socket),
        io(static_cast<int>(config->server.io_threads)),
        workers(config->server.workers, config->server.worker_queue),
        heavy(config->query.workers, config->query.max_running, config->tail.max_subscribers),
        keys(*backend.keys, config::home_directory(*config) / "keys.copy", copy_failed()),
        authenticator(keys, *config, clock),
        letters(*config, clock, observer),
        hub(tail_limits()),
        publishing(*backend.logs, hub),
        others(backend.arrivals, *backend.logs, hub, clock, observer),
        queue(make_queue()),
        committer(queue ? nullptr : make_committer()),
        look_ups(queue ? std::make_unique<LookUps>(*backend.logs, health) : nullptr),
        books(*backend.logs, observer, spooled()),
        ingest(intake(), std::make_shared<const ingest::Rules>(*config), letters, clock, observer,
               look_up(), take_records()),
        logs(*backend.logs, config, clock, observer, blocking(), backend.counts.get()),
        counts(*backend.counts, config, clock, observer, blocking()),
        stream(*backend.logs, heavy, config, clock, observer),
        tailing(hub, *backend.logs, heavy, authenticator, config, clock),
        deletion(backend, clock, observer, blocking()),
        ops(*backend.logs, health, observer, books, queue_state(), config, clock, blocking()),
        router(
            route_table(*config, Handlers{ingest, logs, ops, counts, stream, tailing, deletion})),
        server(io, http::Services{router, authenticator, limiter, observer, config, blocking(),
                                  environment.sockets}),
        watchdog(manager, moving_parts(), stuck()) {}

  std::function<boost::asio::awaitable<void>(std::function<void()>)> blocking() {
    return [this](std::function<void()> work) { return workers.run(std::move(work)); };
  }

  std::function<void(const Error&)> copy_failed() {
    return [this](const Error& error) {
      notice(Severity::warn, "copy of the keys not written", error.message());
    };
  }
  std::vector<Watchdog::Part> moving_parts() {
    std::vector<Watchdog::Part> parts = {{"connections", io_pulse(io)}};
    // Writing to another machine may stand still without fault of ours.
    if (queue || backend.kind == "sqlite") {
      parts.push_back({"writing", queue_pulse([this] { return intake().waiting(); },
                                              [this] { return intake().turns(); })});
    }
    return parts;
  }
  std::function<void(std::string_view)> stuck() {
    return [this](std::string_view part) {
      notice(Severity::error, "standing still, the watchdog is not served", std::string(part));
    };
  }
  std::unique_ptr<DurableQueue> make_queue() {
    // Migrations and a long spool take their time.
    manager.status("opening the store");
    const Periodic going_on(
        kStartGrace / 3, [this] { manager.extend(kStartGrace); }, [](const std::string&) {});
    if (config::acknowledgement(*config) != config::Ack::spooled) {
      prepare();
      return nullptr;
    }
    prepare_if_reachable();
    return std::make_unique<DurableQueue>(*config, publishing, letters, observer, clock, instance,
                                          prepare);
  }
  // A schema that is wrong stops the start; a store that is away does not: the spool can wait.
  void prepare_if_reachable() {
    try {
      prepare();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::unavailable) throw;
      health.reachable = false;
      notice(Severity::warn, "store away, records wait in the spool", error.message());
    }
  }
  // Keys are then as the last daemon here knew them.
  void refresh_keys() {
    try {
      authenticator.refresh();
    } catch (const Error& error) {
      if (!queue || error.code() != ErrorCode::unavailable) throw;
      notice(Severity::warn, "keys not known until the store is back", error.message());
    }
  }
  std::unique_ptr<ingest::Committer> make_committer() {
    return std::make_unique<ingest::Committer>(publishing, observer, config->batch, instance,
                                               letters);
  }
  tail::Hub::Limits tail_limits() const {
    tail::Hub::Limits limits;
    limits.history_bytes = config->tail.history_bytes;
    limits.subscriber_bytes = config->tail.queue_bytes;
    limits.max_subscribers = config->tail.max_subscribers;
    return limits;
  }
  ingest::Intake& intake() {
    if (queue) return queue->intake();
    return *committer;
  }
  handlers::IngestHandlers::LookUp look_up() {
    if (!queue) return {};
    return [this](const LogRecord& record) { return look_ups->known(record); };
  }
  handlers::IngestHandlers::TakeRecords take_records() {
    return [this](http::Request& request, std::uint32_t records) -> std::optional<Error> {
      if (!rate_limits || !request.principal) return std::nullopt;
      http::KeyBuckets buckets(limiter, *request.principal);
      const auto decision =
          buckets.take(http::Bucket::records, std::chrono::steady_clock::now(), records);
      if (decision.allowed) return std::nullopt;
      return http::refused_by(observer, request, http::Bucket::records, decision);
    };
  }
  AccountingView::Spooled spooled() {
    if (!queue) return {};
    return [this] { return queue->waiting(); };
  }
  handlers::OpsHandlers::QueueStateSource queue_state() {
    if (!queue) return {};
    return [this] { return queue->state(); };
  }

  void notice(Severity severity, std::string_view what, std::string detail = {}) {
    observer.emit(Notice{severity, what, std::move(detail)});
  }

  void check_store() {
    const bool before = health.reachable;
    std::string why;
    try {
      backend.logs->ping();
      health.reachable = true;
    } catch (const Error& error) {
      // A busy pool is not a store that is away.
      health.reachable = error.code() == ErrorCode::overloaded;
      why = error.message();
    }
    if (before && !health.reachable) notice(Severity::warn, "store away", why);
    if (!before && health.reachable) notice(Severity::info, "store back");
    observer.set_connections(static_cast<std::int64_t>(server.connections()));
    observer.set_body_bytes(server.body_bytes());
    const storage::PoolUse pool = backend.logs->pool_use();
    observer.set_pool(pool.in_use, pool.idle);
    tell_keys();
    observer.set_queue(intake().waiting(), intake().waiting_bytes());
    if (queue) tell_queue(queue->state());
  }

  void tell_keys() {
    const auth::Census census = authenticator.census(clock.now(), expiry_notice);
    metrics::KeyStates states;
    states.active = census.active;
    states.ending = census.ending;
    states.expired = census.expired;
    states.revoked = census.revoked;
    if (census.next_end) states.next_end = static_cast<double>(to_micros(*census.next_end)) / 1e6;
    observer.set_keys(states);
  }

  void tell_queue(const QueueState& state) {
    metrics::SpoolState spool;
    if (state.counted) spool.records = state.depth.records;
    spool.bytes = state.spool.bytes;
    spool.disk_bytes = state.spool.disk_bytes;
    spool.oldest_seconds = state.oldest_seconds;
    spool.drain_bytes_per_second = state.bytes_per_second;
    spool.corrupt_frames = state.spool.corrupt_frames;
    spool.failed = state.spool.failed;
    observer.set_spool(spool);
    manager.status(describe(state));
  }

  void start_timers() {
    const auto failed = [this](std::string_view operation) {
      return [this, operation](const std::string& message) {
        observer.emit(metrics::StoreFailed{operation, message});
      };
    };
    timers.push_back(std::make_unique<Periodic>(
        kKeyRefresh, [this] { authenticator.refresh(); }, failed("keys")));
    timers.push_back(std::make_unique<Periodic>(
        kUseFlush, [this] { authenticator.flush_use(); }, failed("keys")));
    timers.push_back(std::make_unique<Periodic>(
        kCountFlush, [this] { intake().flush_counts(); }, failed("count")));
    timers.push_back(std::make_unique<Periodic>(
        kHealthCheck, [this] { check_store(); }, failed("ping")));
    timers.push_back(std::make_unique<Periodic>(
        kBooks,
        [this] {
          if (health.reachable) books.refresh();
        },
        failed("accounts")));
    timers.push_back(std::make_unique<Periodic>(
        kUpkeep, [this] { upkeep(); }, failed("maintain")));
    timers.push_back(std::make_unique<Periodic>(
        kRetentionRules, [this] { read_retention(); }, failed("retention rules")));
    timers.push_back(std::make_unique<Periodic>(
        housekeeper.tick(),
        [this] {
          if (health.reachable) housekeeper.look();
        },
        failed("maintenance")));
    timers.push_back(std::make_unique<Periodic>(
        kBackups, [this] { tell_backups(observer, *config); }, [](const std::string&) {}));
  }

  // What the rules of the store would delete at once is refused when it comes in.
  void read_retention() {
    if (!health.reachable) return;
    const std::shared_ptr<const config::Config> settings = ingest_config();
    const maintenance::Policy policy(backend.retention->rules(), settings->retention.default_age);
    const Lock lock(rules_mutex);
    if (policy.fingerprint() == known_policy) return;
    known_policy = policy.fingerprint();
    auto rules = std::make_shared<ingest::Rules>(*rules_config);
    rules->limit_ages(policy);
    ingest.configure(std::move(rules));
  }
  std::shared_ptr<const config::Config> ingest_config() {
    const Lock lock(rules_mutex);
    return rules_config;
  }
  void configure_ingest(const std::shared_ptr<const config::Config>& fresh) {
    {
      const Lock lock(rules_mutex);
      rules_config = fresh;
      known_policy.clear();
    }
    try {
      read_retention();
    } catch (const Error& error) {
      observer.emit(metrics::StoreFailed{"retention rules", error.message()});
    }
    const Lock lock(rules_mutex);
    if (known_policy.empty()) ingest.configure(std::make_shared<const ingest::Rules>(*fresh));
  }

  // A store that cannot be kept up still takes and gives records.
  void upkeep() {
    limiter.sweep(std::chrono::steady_clock::now());
    try {
      backend.logs->maintain(clock.now());
    } catch (const Error& error) {
      observer.emit(metrics::StoreFailed{"maintain", error.message()});
    }
  }

  void reload_now() {
    manager.reloading();
    try {
      auto fresh = reload();
      authenticator.configure(*fresh);
      rate_limits = fresh->ratelimit.enabled;
      expiry_notice = fresh->auth.expiry_notice;
      configure_ingest(fresh);
      housekeeper.configure(fresh);
      letters.configure(*fresh);
      logs.configure(fresh);
      counts.configure(fresh);
      stream.configure(fresh);
      tailing.configure(fresh);
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
      notice(Severity::error, "configuration not reloaded, the old one stays in force",
             error.what());
    }
    manager.ready();
  }

  void await_signal() {
    // Waited for again only when handled: two signals are never handled at once.
    signals.async_wait([this](const boost::system::error_code& failed, int signal) {
      if (failed) return;
      if (signal == SIGHUP) {
        reload_now();
      } else {
        stop_now();
      }
      await_signal();
    });
  }

  void finish() {
    if (look_ups) look_ups->stop();
    intake().stop();
    if (queue) queue->stop(hurried ? microseconds(0) : config->server.shutdown_timeout);
    letters.stop();
    io.stop();
  }

  void stop_now() {
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

  const std::shared_ptr<const config::Config> config;
  storage::Backend& backend;
  metrics::Observer& observer;
  const Clock& clock;
  const Reload reload;
  const std::function<void()> prepare;
  const storage::ProcessLock claim;
  const std::string instance;
  const ManagerEnvironment environment = manager_environment();
  ServiceManager manager;

  boost::asio::io_context io;
  boost::asio::signal_set signals{io, SIGTERM, SIGINT, SIGHUP};
  bool stopping = false;
  std::atomic<bool> hurried = false;

  StoreHealth health;
  Workers workers;
  HeavyWork heavy;
  ratelimit::Limiter limiter;
  std::atomic<bool> rate_limits{config->ratelimit.enabled};
  std::atomic<microseconds> expiry_notice{config->auth.expiry_notice};
  auth::RememberedKeys keys;
  auth::Authenticator authenticator;
  ingest::DeadLetters letters;
  tail::Hub hub;
  tail::PublishingStore publishing;
  tail::Others others;
  std::unique_ptr<DurableQueue> queue;           // with ingest.ack: spooled
  std::unique_ptr<ingest::Committer> committer;  // otherwise
  std::unique_ptr<LookUps> look_ups;             // with a spool
  AccountingView books;
  handlers::IngestHandlers ingest;
  handlers::LogHandlers logs;
  handlers::CountHandlers counts;
  handlers::LogStreamHandlers stream;
  handlers::TailHandlers tailing;
  handlers::DeletionHandlers deletion;
  handlers::OpsHandlers ops;
  http::Router router;
  http::Server server;
  Watchdog watchdog;
  Housekeeper housekeeper{backend, observer, clock, config};
  Mutex rules_mutex;
  std::shared_ptr<const config::Config> rules_config GUARDED_BY(rules_mutex) = config;
  std::string known_policy GUARDED_BY(rules_mutex);  // the one that requests are held to
  std::vector<std::unique_ptr<Periodic>> timers;
};

Daemon::Daemon(std::shared_ptr<const config::Config> config, storage::Backend& backend,
               metrics::Observer& observer, const Clock& clock, Reload reload,
               std::function<void()> prepare_store)
    : parts_(std::make_unique<Parts>(std::move(config), backend, observer, clock, std::move(reload),
                                     std::move(prepare_store))) {}

Daemon::~Daemon() = default;

void Daemon::run() {
  Parts& parts = *parts_;
  if (parts.health.reachable) parts.upkeep();
  tell_backups(parts.observer, *parts.config);
  parts.configure_ingest(parts.config);
  parts.refresh_keys();
  parts.await_signal();
  parts.server.start();
  parts.start_timers();
  for (const std::string& address : parts.server.addresses()) {
    parts.notice(Severity::info, "listening", address);
  }
  if (!parts.queue) parts.manager.status("serving");
  parts.manager.ready();
  parts.watchdog.start(parts.environment.watchdog);

  std::vector<std::thread> io_threads;
  for (std::uint32_t i = 1; i < parts.config->server.io_threads; ++i) {
    io_threads.emplace_back([&parts] { parts.io.run(); });
  }
  parts.io.run();
  for (std::thread& thread : io_threads) thread.join();

  // Every session has ended: nothing new can come, what was taken is made durable now. Signals are
  // still heard, so that a second one can hurry it. Restarted before the thread may stop it.
  parts.io.restart();
  std::thread finish([&parts] { parts.finish(); });
  parts.io.run();
  finish.join();
  for (auto& timer : parts.timers) timer->stop();
  parts.workers.stop();
  parts.heavy.stop();
  parts.others.stop();
  parts.hub.stop();
  try {
    parts.authenticator.flush_use();
  } catch (const Error& error) {
    parts.observer.emit(metrics::StoreFailed{"keys", error.message()});
  }
  parts.notice(Severity::info, "stopped");
}

}  // namespace logctl
