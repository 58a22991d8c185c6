// Everything that the daemon owns, in the order in which it is built; destroyed in reverse. For
// daemon.cpp (start, signals, stop), daemon_parts.cpp (how a part is built from the others) and
// daemon_timers.cpp (what is done again and again) only.
#pragma once

#include "service/accounting_view.h"
#include "service/daemon.h"
#include "service/durable_queue.h"
#include "service/handlers/counts.h"
#include "service/handlers/deletion.h"
#include "service/handlers/ingest.h"
#include "service/handlers/log_stream.h"
#include "service/handlers/logs.h"
#include "service/handlers/ops.h"
#include "service/handlers/tail.h"
#include "service/heavy_work.h"
#include "service/housekeeper.h"
#include "service/http/server.h"
#include "service/instance.h"
#include "service/look_ups.h"
#include "service/manager_environment.h"
#include "service/messages/parts.h"
#include "service/periodic.h"
#include "service/routes.h"
#include "service/rules_in_force.h"
#include "service/service_manager.h"
#include "service/store_health.h"
#include "service/tail/hub.h"
#include "service/tail/others.h"
#include "service/tail/publishing_store.h"
#include "service/watchdog.h"
#include "service/workers.h"
#include "shared/auth/authenticator.h"
#include "shared/auth/remembered_keys.h"
#include "shared/ingest/committer.h"
#include "shared/ingest/dead_letters.h"
#include "shared/ratelimit/limiter.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace logctl {

struct Daemon::Parts {
  using Severity = metrics::Notice::Severity;

  Parts(std::shared_ptr<const config::Config> configuration, storage::Backend& store,
        metrics::Observer& events, const Clock& time, Reload reload_config,
        std::function<void()> prepare_store);

  // daemon.cpp: the life of the daemon, in this order.
  void start();
  void serve();  // until a signal, and then until every session has ended
  void stop();

  void await_signal();
  void begin_to_stop();
  void reload_now();
  void refresh_keys();
  void notice(Severity severity, std::string_view what, std::string detail = {});

  // daemon_timers.cpp
  void start_timers();
  void every(microseconds interval, std::string_view operation, std::function<void()> work);
  void tell_gauges();
  void keep_up();

  // daemon_parts.cpp: what the parts get from each other.
  std::unique_ptr<DurableQueue> make_queue();
  std::unique_ptr<ingest::Committer> make_committer();
  void prepare_if_reachable();
  ingest::Intake& intake();
  tail::Hub::Limits tail_limits() const;
  std::function<boost::asio::awaitable<void>(std::function<void()>)> blocking();
  handlers::RunForClient for_client();
  std::function<void(const Error&)> copy_failed();
  handlers::IngestHandlers::LookUp look_up();
  handlers::IngestHandlers::TakeRecords take_records();
  AccountingView::Spooled spooled();
  handlers::OpsHandlers::QueueStateSource queue_state();
  std::vector<Watchdog::Part> moving_parts();
  std::function<void(std::string_view)> stuck();

  // Lent, and what this process is.
  const std::shared_ptr<const config::Config> config;  // of the start
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

  // What requests work with.
  StoreHealth health;
  Workers workers;
  HeavyWork heavy;
  ratelimit::Limiter limiter;
  std::atomic<bool> rate_limits{config->ratelimit.enabled};
  std::atomic<microseconds> expiry_notice{config->auth.expiry_notice};
  auth::RememberedKeys keys;
  auth::Authenticator authenticator;

  // The way of a record into the store, and to those who follow.
  ingest::DeadLetters letters;
  tail::Hub hub;
  tail::PublishingStore publishing;
  tail::Others others;
  std::unique_ptr<DurableQueue> queue;           // with ingest.ack: spooled
  std::unique_ptr<ingest::Committer> committer;  // otherwise
  std::unique_ptr<LookUps> look_ups;             // with a spool
  AccountingView books;

  // What answers.
  handlers::IngestHandlers ingest;
  handlers::LogHandlers logs;
  handlers::CountHandlers counts;
  handlers::LogStreamHandlers stream;
  handlers::TailHandlers tailing;
  handlers::DeletionHandlers deletion;
  messages::Parts streams;
  handlers::OpsHandlers ops;
  http::Router router;
  http::Server server;

  // What looks after it all.
  Watchdog watchdog;
  Housekeeper housekeeper{backend, observer, clock, config};
  RulesInForce rules{backend, health, observer, ingest, config};
  std::vector<std::unique_ptr<Periodic>> timers;
};

}  // namespace logctl
