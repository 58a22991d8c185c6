#include "service/daemon_parts.h"

#include "service/http/access.h"
#include "shared/base/cancellation.h"
#include "shared/config/target.h"
#include "shared/ingest/rules.h"

#include <chrono>
#include <optional>
#include <utility>

namespace logctl {
namespace {

// What the start may take until it says again that it goes on.
constexpr microseconds kStartGrace = seconds(60);

}  // namespace

Daemon::Parts::Parts(std::shared_ptr<const config::Config> configuration, storage::Backend& store,
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
      logs(*backend.logs, config, clock, observer, for_client(), backend.counts.get()),
      counts(*backend.counts, config, clock, observer, for_client()),
      stream(*backend.logs, heavy, config, clock, observer),
      tailing(hub, *backend.logs, heavy, authenticator, config, clock),
      deletion(backend, clock, observer, blocking()),
      streams(backend, authenticator, limiter, observer, clock, blocking(), config),
      ops(*backend.logs, health, observer, books, queue_state(), config, clock, blocking()),
      router(route_table(*config,
                         Handlers{ingest, logs, ops, counts, stream, tailing, streams, deletion})),
      server(io, http::Services{router, authenticator, limiter, observer, config, blocking(),
                                environment.sockets}),
      watchdog(manager, moving_parts(), stuck()) {}

std::unique_ptr<DurableQueue> Daemon::Parts::make_queue() {
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

std::unique_ptr<ingest::Committer> Daemon::Parts::make_committer() {
  return std::make_unique<ingest::Committer>(publishing, observer, config->batch, instance,
                                             letters);
}

// A schema that is wrong stops the start; a store that is away does not: the spool can wait.
void Daemon::Parts::prepare_if_reachable() {
  try {
    prepare();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    health.reachable = false;
    notice(Severity::warn, "store away, records wait in the spool", error.message());
  }
}

ingest::Intake& Daemon::Parts::intake() {
  if (queue) return queue->intake();
  return *committer;
}

tail::Hub::Limits Daemon::Parts::tail_limits() const {
  tail::Hub::Limits limits;
  limits.history_bytes = config->tail.history_bytes;
  limits.subscriber_bytes = config->tail.queue_bytes;
  limits.max_subscribers = config->tail.max_subscribers;
  return limits;
}

std::function<boost::asio::awaitable<void>(std::function<void()>)> Daemon::Parts::blocking() {
  return [this](std::function<void()> work) { return workers.run(std::move(work)); };
}

handlers::RunForClient Daemon::Parts::for_client() {
  return [this](http::Request& request, std::function<void()> work) {
    auto client = std::make_shared<Cancellation>();
    request.on_hang_up = [this, client] { heavy.cancel(client); };
    std::function<void()> for_him = [client = std::move(client), work = std::move(work)] {
      const Cancellation::Scope scope(client);
      Cancellation::check();
      work();
    };
    return workers.run(std::move(for_him));
  };
}

std::function<void(const Error&)> Daemon::Parts::copy_failed() {
  return [this](const Error& error) {
    notice(Severity::warn, "copy of the keys not written", error.message());
  };
}

handlers::IngestHandlers::LookUp Daemon::Parts::look_up() {
  if (!queue) return {};
  return [this](const LogRecord& record) { return look_ups->known(record); };
}

handlers::IngestHandlers::TakeRecords Daemon::Parts::take_records() {
  return [this](http::Request& request, std::uint32_t records) -> std::optional<Error> {
    if (!rate_limits || !request.principal) return std::nullopt;
    http::KeyBuckets buckets(limiter, *request.principal);
    const auto decision =
        buckets.take(http::Bucket::records, std::chrono::steady_clock::now(), records);
    if (decision.allowed) return std::nullopt;
    return http::refused_by(observer, request, http::Bucket::records, decision);
  };
}

AccountingView::Spooled Daemon::Parts::spooled() {
  if (!queue) return {};
  return [this] { return queue->waiting(); };
}

handlers::OpsHandlers::QueueStateSource Daemon::Parts::queue_state() {
  if (!queue) return {};
  return [this] { return queue->state(); };
}

std::vector<Watchdog::Part> Daemon::Parts::moving_parts() {
  std::vector<Watchdog::Part> parts = {{"connections", io_pulse(io)}};
  // Writing to another machine may stand still without fault of ours.
  if (queue || backend.kind == "sqlite") {
    parts.push_back({"writing", queue_pulse([this] { return intake().waiting(); },
                                            [this] { return intake().turns(); })});
  }
  if (backend.kind == "sqlite") {
    parts.push_back({"writing messages", queue_pulse([this] { return streams.writer().waiting(); },
                                                     [this] { return streams.writer().turns(); })});
  }
  return parts;
}

std::function<void(std::string_view)> Daemon::Parts::stuck() {
  return [this](std::string_view part) {
    notice(Severity::error, "standing still, the watchdog is not served", std::string(part));
  };
}

}  // namespace logctl
