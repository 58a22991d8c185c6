#include "service/routes.h"

#include "service/messages/rpc_error.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl {
namespace {

using auth::Scope;
using handlers::CountHandlers;
using handlers::DeletionHandlers;
using handlers::ImportHandlers;
using handlers::IngestHandlers;
using handlers::LogHandlers;
using handlers::LogStreamHandlers;
using handlers::OpsHandlers;
using handlers::RpcHandlers;
using handlers::SubscribeHandlers;
using handlers::TailHandlers;
using http::Method;
using http::Surface;

// How a row comes by its handler: a coroutine of one of the handler objects, which outlives it.
template <typename Object>
using Coroutine = boost::asio::awaitable<http::Response> (Object::*)(http::Request&);

template <typename Object>
http::Handler call(Object& object, Coroutine<Object> member) {
  return [&object, member](http::Request& request) { return (object.*member)(request); };
}
RouteRow::Bind bind(Coroutine<IngestHandlers> member) {
  return [member](const Handlers& to) { return call(to.ingest, member); };
}
RouteRow::Bind bind(Coroutine<LogHandlers> member) {
  return [member](const Handlers& to) { return call(to.logs, member); };
}
RouteRow::Bind bind(Coroutine<CountHandlers> member) {
  return [member](const Handlers& to) { return call(to.counts, member); };
}
RouteRow::Bind bind(Coroutine<LogStreamHandlers> member) {
  return [member](const Handlers& to) { return call(to.stream, member); };
}
RouteRow::Bind bind(Coroutine<TailHandlers> member) {
  return [member](const Handlers& to) { return call(to.tail, member); };
}
RouteRow::Bind bind(Coroutine<DeletionHandlers> member) {
  return [member](const Handlers& to) { return call(to.deletion, member); };
}
RouteRow::Bind bind(Coroutine<OpsHandlers> member) {
  return [member](const Handlers& to) { return call(to.ops, member); };
}
RouteRow::Bind bind(Coroutine<RpcHandlers> member) {
  return [member](const Handlers& to) { return call(to.messages.rpc(), member); };
}
RouteRow::Bind bind(Coroutine<SubscribeHandlers> member) {
  return [member](const Handlers& to) { return call(to.messages.subscriptions(), member); };
}
RouteRow::Bind bind(Coroutine<ImportHandlers> member) {
  return [member](const Handlers& to) { return call(to.messages.imports(), member); };
}

// Where a path stands in `ops` as well, that one answers on listeners that mount both.
void add_message_rows(std::vector<RouteRow>& rows) {
  const auto row = [&rows](Method method, std::string_view path, std::string_view label,
                           std::string_view summary, RouteRow::Bind bound) -> RouteRow& {
    rows.push_back({{method,
                     path,
                     Surface::messages,
                     Scope::none,
                     label,
                     summary,
                     {},
                     &messages::rpc_error_response},
                    std::move(bound)});
    return rows.back();
  };
  // clang-format off
  row(Method::post, "/rpc", "/rpc", "call a method: [\"method\", argument...]", bind(&RpcHandlers::rpc)).by_token = true;
  row(Method::get, "/subscribe", "/subscribe", "pokes of messages as they are written, as server-sent events", bind(&SubscribeHandlers::subscribe)).by_token = true;
  RouteRow& import = row(Method::post, "/import", "/import", "take in the lines of an export", bind(&ImportHandlers::import));
  import.by_token = true;
  import.route.reads_body = true;
  row(Method::get, "/health", "/health", "whether the store can be reached", bind(&OpsHandlers::messages_health));
  row(Method::get, "/version", "/version", "the version", bind(&OpsHandlers::version));
  row(Method::get, "/limits", "/limits", "every limit that a client can meet", bind(&OpsHandlers::limits));
  // clang-format on
}

}  // namespace

std::vector<RouteRow> route_rows(const config::Config& config) {
  const Surface metrics_surface = config.metrics.port != 0 ? Surface::metrics : Surface::ops;
  std::vector<RouteRow> rows;
  const auto row = [&rows](Method method, std::string_view path, Surface surface, Scope scope,
                           std::string_view label, std::string_view summary, RouteRow::Bind bound,
                           http::ErrorFormat format = &http::error_response) -> RouteRow& {
    rows.push_back({{method, path, surface, scope, label, summary, {}, format}, std::move(bound)});
    return rows.back();
  };

  // clang-format off
  row(Method::post, "/api/v1/ingest", Surface::logs, Scope::ingest, "/ingest", "take one event", bind(&IngestHandlers::change66_single));
  row(Method::post, "/api/v1/batch-ingest", Surface::logs, Scope::ingest, "/batch-ingest", "take a batch of events", bind(&IngestHandlers::change66_batch));
  row(Method::post, "/api/v1/logs", Surface::logs, Scope::ingest, "/logs", "take one log entry", bind(&IngestHandlers::logs_single), &handlers::shared_path_error);
  row(Method::post, "/api/v1/logs/batch", Surface::logs, Scope::ingest, "/logs/batch", "take a batch of log entries", bind(&IngestHandlers::logs_batch), &handlers::shared_path_error);
  row(Method::get, "/api/v1/logs", Surface::logs, Scope::read, "/logs", "list records, newest first", bind(&LogHandlers::list), &handlers::shared_path_error);
  row(Method::del, "/api/v1/logs", Surface::logs, Scope::admin, "/logs", "delete what a query matches, in two steps", bind(&DeletionHandlers::remove));
  row(Method::get, "/api/v1/logs/recent", Surface::logs, Scope::read, "/logs/recent", "the newest records", bind(&LogHandlers::recent));
  row(Method::get, "/api/v1/logs/filter", Surface::logs, Scope::read, "/logs/filter", "records by filter, paged", bind(&LogHandlers::filter));
  row(Method::get, "/api/v1/logs/context", Surface::logs, Scope::read, "/logs/context", "what stands around one record in time", bind(&LogHandlers::context));
  row(Method::get, "/api/v1/logs/patterns", Surface::logs, Scope::read, "/logs/patterns", "what the messages that match have in common", bind(&LogHandlers::patterns));
  row(Method::get, "/api/v1/logs/hits", Surface::logs, Scope::read, "/logs/hits", "counts over time", bind(&CountHandlers::hits));
  row(Method::get, "/api/v1/logs/facets", Surface::logs, Scope::read, "/logs/facets", "the most frequent values of each field", bind(&CountHandlers::facets));
  row(Method::get, "/api/v1/logs/fields", Surface::logs, Scope::read, "/logs/fields", "the fields of the records", bind(&CountHandlers::fields));
  row(Method::get, "/api/v1/logs/fields/{name}/values", Surface::logs, Scope::read, "/logs/fields/:name/values", "the values of one field", bind(&CountHandlers::values));
  row(Method::get, "/api/v1/logs/stats", Surface::logs, Scope::read, "/logs/stats", "sums, percentiles and the like by group", bind(&CountHandlers::stats));
  row(Method::get, "/api/v1/logs/query", Surface::logs, Scope::read, "/logs/query", "every record that matches, streamed as JSON lines", bind(&LogStreamHandlers::query));
  row(Method::post, "/api/v1/logs/query", Surface::logs, Scope::read, "/logs/query", "the same, with the query in the body", bind(&LogStreamHandlers::query));
  row(Method::get, "/api/v1/logs/tail", Surface::logs, Scope::read, "/logs/tail", "records as they are stored, as server-sent events", bind(&TailHandlers::tail));
  row(Method::get, "/api/v1/logs/{id}", Surface::logs, Scope::read, "/logs/:id", "one record by its id", bind(&LogHandlers::record));
  row(Method::get, "/api/v1/metrics", Surface::logs, Scope::read, "/metrics", "statistics of the stored records", bind(&LogHandlers::statistics));
  row(Method::get, "/api/v1/status", Surface::logs, Scope::read, "/status", "the service and its accounting", bind(&OpsHandlers::status));

  row(Method::get, config.server.health_path, Surface::ops, Scope::none, "/health", "health as JSON", bind(&OpsHandlers::health)).option = "server.health_path";
  row(Method::get, "/health/ready", Surface::ops, Scope::none, "/ready", "readiness probe", bind(&OpsHandlers::ready));
  row(Method::get, "/readiness", Surface::ops, Scope::none, "/ready", "readiness probe", bind(&OpsHandlers::ready));
  row(Method::get, "/ready", Surface::ops, Scope::none, "/ready", "readiness probe", bind(&OpsHandlers::ready));
  row(Method::get, "/health/live", Surface::ops, Scope::none, "/live", "liveness probe", bind(&OpsHandlers::live));
  row(Method::get, "/liveness", Surface::ops, Scope::none, "/live", "liveness probe", bind(&OpsHandlers::live));
  row(Method::get, "/version", Surface::ops, Scope::none, "/version", "the version", bind(&OpsHandlers::version));
  row(Method::get, "/limits", Surface::ops, Scope::none, "/limits", "every limit that a client can meet", bind(&OpsHandlers::limits));
  // clang-format on
  if (config.metrics.enabled) {
    row(Method::get, config.metrics.path, metrics_surface, Scope::none, "/metrics",
        "metrics for Prometheus", bind(&OpsHandlers::metrics))
        .option = "metrics.path";
  }
  add_message_rows(rows);
  return rows;
}

namespace {

// Whether one listener could have to serve both.
bool collide(const http::Route& route, const http::Route& other) {
  if (route.method != other.method || route.path != other.path) return false;
  // Metrics with a port of their own have no neighbours.
  if ((route.surface == Surface::metrics) != (other.surface == Surface::metrics)) return false;
  return other.surface != Surface::messages || route.label != other.label;
}

}  // namespace

void check_paths(const config::Config& config, const config::Complaints& complaints) {
  const std::vector<RouteRow> rows = route_rows(config);
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    if (row->option.empty()) continue;
    const auto other = std::find_if(rows.begin(), rows.end(), [&](const RouteRow& one) {
      return &one != &*row && collide(row->route, one.route);
    });
    if (other == rows.end()) continue;
    if (other->option.empty()) {
      complaints.wrong(
          row->option,
          Error(ErrorCode::config, fmt::format("found '{}', where something else is served ({}), "
                                               "allowed is a path of its own",
                                               row->route.path, other->route.summary)));
    } else if (row < other) {  // told once
      complaints.clash(row->option, other->option, "two different paths");
    }
  }
}

std::vector<http::Route> route_table(const config::Config& config, const Handlers& handlers) {
  std::vector<http::Route> routes;
  for (RouteRow& row : route_rows(config)) {
    row.route.handler = row.bind(handlers);
    if (row.by_token) {
      row.route.admission = [&admission = handlers.messages.admission()](http::Request& request) {
        return admission.admit(request);
      };
    }
    routes.push_back(std::move(row.route));
  }
  return routes;
}

}  // namespace logctl
