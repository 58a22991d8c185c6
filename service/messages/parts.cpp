#include "service/messages/parts.h"

#include "service/handlers/message_errors.h"
#include "service/messages/default_namespace.h"
#include "service/messages/rpc_error.h"
#include "shared/base/error.h"

#include <functional>
#include <string>
#include <utility>

namespace logctl::messages {
namespace {

MessageWriter::Limits writer_limits(const config::Messages& config) {
  MessageWriter::Limits limits;
  limits.batch = config.batch;
  limits.queue_bytes = config.queue_bytes;
  return limits;
}

PokeHub::Limits hub_limits(const config::Messages& config) {
  PokeHub::Limits limits;
  limits.history = config.history;
  limits.max_subscribers = config.max_subscribers;
  limits.max_per_namespace = config.max_subscribers_per_namespace;
  return limits;
}

handlers::RpcHandlers::Health health_of(const storage::Backend& backend,
                                        const config::Messages& config) {
  handlers::RpcHandlers::Health health;
  health.backend = config.test_mode ? std::string_view("memory") : std::string_view(backend.kind);
  health.connections = [&logs = *backend.logs] {
    return static_cast<std::size_t>(logs.pool_use().in_use);
  };
  return health;
}

// Whoever asks is told that the store failed and no more: the reason is for the log.
Parts::RunBlocking logged(Parts::RunBlocking run, metrics::Observer& observer) {
  return [run = std::move(run), &observer](std::function<void()> work) {
    return run([&observer, work = std::move(work)] {
      try {
        work();
      } catch (const Error& error) {
        const bool own = dynamic_cast<const RpcError*>(&error) != nullptr;
        const bool hidden =
            !own && handlers::message_error_for_client(error).message() != error.message();
        if (hidden) observer.emit(metrics::StoreFailed{"messages", error.message()});
        throw;
      }
    });
  };
}

}  // namespace

Parts::Parts(storage::Backend& backend, auth::Authenticator& authenticator,
             ratelimit::Limiter& limiter, metrics::Observer& observer, const Clock& clock,
             const RunBlocking& run_blocking, std::shared_ptr<const config::Config> config)
    : store_(*backend.messages),
      observer_(observer),
      clock_(clock),
      config_(config),
      tokens_(store_),
      hub_(store_, backend.message_news, observer, hub_limits(config->messages)),
      writer_(store_, clock, writer_limits(config->messages), listener()),
      admission_(tokens_, authenticator, limiter, observer, config, run_blocking),
      rpc_({store_, writer_, hub_, tokens_, observer, clock, logged(run_blocking, observer),
            health_of(backend, config->messages)},
           config),
      subscriptions_(hub_, store_, observer, clock, logged(run_blocking, observer), config),
      imports_(store_, hub_, observer, clock, run_blocking, config) {}

MessageWriter::Listener Parts::listener() {
  MessageWriter::Listener listener;
  listener.written = [this](std::string_view name_space, std::span<const storage::Poke> pokes) {
    observer_.messages().written(pokes.size());
    hub_.publish(name_space, pokes);
  };
  listener.committed = [this](std::size_t messages, microseconds took) {
    observer_.messages().committed(messages, took);
  };
  listener.failed = [this](const std::string& message) {
    observer_.emit(metrics::StoreFailed{"write messages", message});
  };
  return listener;
}

void Parts::start() {
  try {
    ensure_default_namespace(store_, config_->messages.token, observer_, clock_);
    default_made_ = true;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable) throw;
    observer_.emit(metrics::StoreFailed{"namespace default", error.message()});
  }
}

void Parts::tend() {
  if (!default_made_) start();
  observer_.messages().set_queue(writer_.waiting(), writer_.waiting_bytes());
}

void Parts::configure(const std::shared_ptr<const config::Config>& config) {
  // Whose tokens are believed belongs to the store, and that was chosen at the start.
  auto settled = std::make_shared<config::Config>(*config);
  settled->messages.test_mode = config_->messages.test_mode;
  settled->messages.open_admin = config_->messages.open_admin;
  admission_.configure(settled);
  rpc_.configure(settled);
  subscriptions_.configure(settled);
  imports_.configure(settled);
}

void Parts::stop_writing() { writer_.stop(); }

void Parts::stop() {
  writer_.stop();
  hub_.stop();
}

}  // namespace logctl::messages
