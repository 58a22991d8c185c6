#include "service/routes.h"

namespace logctl {
namespace {

using auth::Scope;
using handlers::IngestHandlers;
using handlers::LogHandlers;
using handlers::OpsHandlers;
using http::Method;
using http::Surface;

// Binds a handler object's coroutine; the object outlives the route.
template <typename Object>
http::Handler call(Object& object,
                   boost::asio::awaitable<http::Response> (Object::*member)(http::Request&)) {
  return [&object, member](http::Request& request) { return (object.*member)(request); };
}

}  // namespace

std::vector<http::Route> route_table(const config::Config& config, IngestHandlers& ingest,
                                     LogHandlers& logs, OpsHandlers& ops) {
  const Surface metrics_surface = config.metrics.port != 0 ? Surface::metrics : Surface::ops;
  std::vector<http::Route> routes;
  const auto row = [&routes](Method method, std::string_view path, Surface surface, Scope scope,
                             std::string_view label, std::string_view summary,
                             http::Handler handler,
                             http::ErrorFormat format = &http::error_response) {
    routes.push_back({method, path, surface, scope, label, summary, std::move(handler), format});
  };

  // clang-format off
  row(Method::post, "/api/v1/ingest", Surface::logs, Scope::ingest, "/ingest", "take one event", call(ingest, &IngestHandlers::change66_single));
  row(Method::post, "/api/v1/batch-ingest", Surface::logs, Scope::ingest, "/batch-ingest", "take a batch of events", call(ingest, &IngestHandlers::change66_batch));
  row(Method::post, "/api/v1/logs", Surface::logs, Scope::ingest, "/logs", "take one log entry", call(ingest, &IngestHandlers::logs_single), &handlers::shared_path_error);
  row(Method::post, "/api/v1/logs/batch", Surface::logs, Scope::ingest, "/logs/batch", "take a batch of log entries", call(ingest, &IngestHandlers::logs_batch), &handlers::shared_path_error);
  row(Method::get, "/api/v1/logs", Surface::logs, Scope::read, "/logs", "list records, newest first", call(logs, &LogHandlers::list), &handlers::shared_path_error);
  row(Method::get, "/api/v1/logs/recent", Surface::logs, Scope::read, "/logs/recent", "the newest records", call(logs, &LogHandlers::recent));
  row(Method::get, "/api/v1/logs/filter", Surface::logs, Scope::read, "/logs/filter", "records by filter, paged", call(logs, &LogHandlers::filter));
  row(Method::get, "/api/v1/logs/{id}", Surface::logs, Scope::read, "/logs/:id", "one record by its id", call(logs, &LogHandlers::record));
  row(Method::get, "/api/v1/metrics", Surface::logs, Scope::read, "/metrics", "statistics of the stored records", call(logs, &LogHandlers::statistics));
  row(Method::get, "/api/v1/status", Surface::logs, Scope::read, "/status", "the service and its accounting", call(ops, &OpsHandlers::status));

  row(Method::get, config.server.health_path, Surface::ops, Scope::none, "/health", "health as JSON", call(ops, &OpsHandlers::health));
  row(Method::get, "/health/ready", Surface::ops, Scope::none, "/ready", "readiness probe", call(ops, &OpsHandlers::ready));
  row(Method::get, "/readiness", Surface::ops, Scope::none, "/ready", "readiness probe", call(ops, &OpsHandlers::ready));
  row(Method::get, "/ready", Surface::ops, Scope::none, "/ready", "readiness probe", call(ops, &OpsHandlers::ready));
  row(Method::get, "/health/live", Surface::ops, Scope::none, "/live", "liveness probe", call(ops, &OpsHandlers::live));
  row(Method::get, "/liveness", Surface::ops, Scope::none, "/live", "liveness probe", call(ops, &OpsHandlers::live));
  row(Method::get, "/version", Surface::ops, Scope::none, "/version", "the version", call(ops, &OpsHandlers::version));
  row(Method::get, "/limits", Surface::ops, Scope::none, "/limits", "every limit that a client can meet", call(ops, &OpsHandlers::limits));
  // clang-format on
  if (config.metrics.enabled) {
    row(Method::get, config.metrics.path, metrics_surface, Scope::none, "/metrics",
        "metrics for Prometheus", call(ops, &OpsHandlers::metrics));
  }
  return routes;
}

}  // namespace logctl
