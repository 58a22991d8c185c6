#include "service/handlers/ops.h"

#include "service/handlers/message_arguments.h"
#include "shared/base/json_writer.h"
#include "shared/base/units.h"
#include "shared/ingest/rules.h"
#include "shared/storage/message_names.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace logctl::handlers {

namespace {

// Null before what the last run left has been counted.
void write_known(JsonWriter& json, std::string_view name, std::uint64_t number, bool counted) {
  json.key(name);
  if (counted) {
    json.value(number);
  } else {
    json.null();
  }
}

void write_sums(JsonWriter& json, const ingest::Accounting& sums, bool counted) {
  json.field("received", sums.received)
      .field("stored", sums.stored)
      .field("duplicate", sums.duplicate);
  json.key("rejected").begin_object();
  for (const auto& [reason, number] : sums.rejected) json.field(reason, number);
  json.end_object();
  write_known(json, "spooled", sums.spooled, counted);
  json.key("deleted").begin_object();
  for (const auto& [how, number] : sums.deleted) json.field(how, number);
  json.end_object();
}

void write_queue(JsonWriter& json, const QueueState& queue) {
  json.key("spool").begin_object();
  write_known(json, "records", queue.depth.records, queue.counted);
  json.field("counted", queue.counted)
      .field("bytes", queue.spool.bytes)
      .field("disk_bytes", queue.spool.disk_bytes)
      .field("oldest_seconds", queue.oldest_seconds)
      .field("drain_bytes_per_second", queue.bytes_per_second);
  json.key("seconds_left");
  if (queue.spool.bytes == 0) {
    json.value(0);
  } else if (queue.bytes_per_second > 0) {
    json.value(static_cast<double>(queue.spool.bytes) / queue.bytes_per_second);
  } else {
    json.null();
  }
  json.field("refusing", queue.room != spool::Room::enough);
  json.key("problem");
  if (queue.problem.empty()) {
    json.null();
  } else {
    json.value(queue.problem);
  }
  json.end_object();
}

}  // namespace

OpsHandlers::OpsHandlers(storage::LogStore& store, const StoreHealth& health,
                         const metrics::Observer& observer, AccountingView& books,
                         QueueStateSource queue, std::shared_ptr<const config::Config> config,
                         const Clock& clock, RunBlocking run_blocking)
    : store_(store),
      health_(health),
      observer_(observer),
      books_(books),
      queue_(std::move(queue)),
      config_(std::move(config)),
      clock_(clock),
      run_blocking_(std::move(run_blocking)),
      started_at_(clock.now()) {}

double OpsHandlers::uptime_seconds() const {
  return static_cast<double>((clock_.now() - started_at_).count()) / 1e6;
}

std::string OpsHandlers::uptime_text() const {
  return format_duration(seconds(static_cast<std::int64_t>(uptime_seconds())));
}

// Records are taken as long as there is a place for them: without a spool that is the store.
OpsHandlers::Wellness OpsHandlers::wellness() const {
  Wellness wellness;
  wellness.database = health_.reachable ? "healthy" : "unhealthy";
  wellness.status = wellness.database;
  if (!queue_) {
    wellness.spool = "none";
    if (!health_.reachable) wellness.problem = "the store cannot be reached";
    return wellness;
  }
  const QueueState queue = queue_();
  wellness.spool = "healthy";
  wellness.status = "healthy";
  if (queue.spool.failed) {
    wellness.spool = wellness.status = "unhealthy";
    wellness.problem = "the spool could not be written: restart when the disk is well";
  } else if (queue.room != spool::Room::enough) {
    wellness.spool = wellness.status = "unhealthy";
    wellness.problem = queue.room == spool::Room::disk
                           ? "the disk of the spool has too little free space"
                           : "the spool is full";
  } else if (!health_.reachable || !queue.problem.empty() || queue.spool.corrupt_frames > 0) {
    wellness.spool = wellness.status = "degraded";
  }
  return wellness;
}

OpsHandlers::Answer OpsHandlers::health(http::Request&) {
  const Wellness wellness = this->wellness();
  std::string body;
  JsonWriter json(body);
  json.begin_object()
      .field("status", wellness.status)
      .field("database", wellness.database)
      .field("spool", wellness.spool)
      .field("version", LOGCTL_VERSION)
      .field("uptime_seconds", uptime_seconds())
      .field("timestamp", clock_.now())
      .end_object();
  co_return http::json(wellness.status == "unhealthy" ? 503 : 200, std::move(body));
}

OpsHandlers::Answer OpsHandlers::ready(http::Request&) {
  const bool draining = draining_;
  const Wellness wellness = this->wellness();
  const bool ready = wellness.status != "unhealthy" && !draining;
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("ready", ready)
      .field("status", ready ? "ready" : "not ready")
      .field("message", ready      ? "ready"
                        : draining ? "shutting down"
                                   : wellness.problem)
      .end_object();
  http::Response response = http::json(ready ? 200 : 503, std::move(body));
  if (!ready) response.with("Retry-After", "5");
  co_return response;
}

OpsHandlers::Answer OpsHandlers::live(http::Request&) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("alive", true)
      .field("uptime", uptime_text())
      .field("version", LOGCTL_VERSION)
      .end_object();
  co_return http::json(200, std::move(body));
}

OpsHandlers::Answer OpsHandlers::messages_health(http::Request&) {
  const bool reachable = health_.reachable;
  std::string body;
  JsonWriter(body).begin_object().field("status", reachable ? "ok" : "unavailable").end_object();
  co_return http::json(reachable ? 200 : 503, std::move(body));
}

OpsHandlers::Answer OpsHandlers::version(http::Request&) {
  std::string body;
  JsonWriter(body)
      .begin_object()
      .field("name", "logctl")
      .field("version", LOGCTL_VERSION)
      .end_object();
  co_return http::json(200, std::move(body));
}

OpsHandlers::Answer OpsHandlers::limits(http::Request&) {
  const std::shared_ptr<const config::Config> config = config_.get();
  const config::Server& server = config->server;
  const config::Ingest& ingest = config->ingest;
  std::string body;
  JsonWriter json(body);
  json.begin_object();
  json.key("request").begin_object();
  json.field("max_body_bytes", server.max_body_bytes)
      .field("max_decompressed_bytes", server.max_decompressed_bytes)
      .field("max_header_bytes", server.max_header_bytes)
      .field("max_connections", server.max_connections)
      .field("read_timeout", format_duration(server.read_timeout))
      .field("idle_timeout", format_duration(server.idle_timeout));
  json.key("encodings").begin_array();
  json.value("identity").value("gzip").value("deflate").value("zstd").end_array();
  json.end_object();
  json.key("batch").begin_object().field("max_records", ingest.max_batch_records).end_object();
  json.key("record").begin_object();
  json.field("max_record_bytes", ingest.max_record_bytes)
      .field("max_message_bytes", ingest.max_message_bytes)
      .field("max_event_id_bytes", 255)
      .field("max_depth", ingest.max_depth);
  json.key("event_types").begin_array();
  for (const std::string& type : ingest.event_types) json.value(type);
  json.end_array();
  const ingest::Rules rules(*config);
  const microseconds max_age = rules.age_limit("").most;
  json.key("max_age");
  if (max_age.count() == 0) {
    json.null();
  } else {
    json.value(format_duration(max_age));
  }
  json.field("max_future", format_duration(rules.max_future));
  json.end_object();
  json.key("streams").begin_object();
  json.field("max_running_queries", config->query.max_running)
      .field("max_tail_subscribers", config->tail.max_subscribers)
      .end_object();
  const config::Messages& messages = config->messages;
  json.key("messages").begin_object();
  json.field("max_message_bytes", messages.max_message_bytes)
      .field("max_name_bytes", kMostNameBytes)
      .field("max_namespace_name_bytes", kMostNamespaceBytes)
      .field("max_import_name_bytes", storage::kMostStreamBytes)
      .field("max_batch_size", kMostBatch)
      .field("queue_bytes", messages.queue_bytes)
      .field("requests_per_second", messages.rps)
      .field("burst", messages.burst)
      .field("max_subscribers", messages.max_subscribers)
      .field("max_subscribers_per_namespace", messages.max_subscribers_per_namespace)
      .end_object();
  json.key("rate_limit").begin_object();
  json.field("enabled", config->ratelimit.enabled)
      .field("default_rps", config->ratelimit.default_rps)
      .field("burst", config->ratelimit.burst)
      .end_object();
  json.end_object();
  co_return http::json(200, std::move(body));
}

OpsHandlers::Answer OpsHandlers::metrics(http::Request&) {
  http::Response response = http::text(200, observer_.scrape());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return response;
}

OpsHandlers::Answer OpsHandlers::status(http::Request& request) {
  // Shared with the worker, which may outlive the request.
  auto total = std::make_shared<std::optional<std::uint64_t>>();
  query::Query all;
  query::bind(all, request.principal->view());
  std::function<void()> ask = [&store = store_, &books = books_, total, all] {
    try {
      *total = store.count(all);
      books.refresh();
    } catch (const Error& error) {
      // The rest of the answer is worth having while the store is away or too slow to count.
      if (!info(error.code()).retryable) throw;
    }
  };
  co_await run_blocking_(std::move(ask));

  std::string body;
  JsonWriter json(body);
  json.begin_object().field("success", true).field("message", "service status");
  json.key("data").begin_object();
  json.key("service").begin_object();
  json.field("name", "logctl")
      .field("version", LOGCTL_VERSION)
      .field("uptime", uptime_text())
      .field("started_at", started_at_)
      .end_object();
  json.key("database").begin_object();
  json.field("status", health_.reachable ? "healthy" : "unhealthy");
  json.key("total_logs");
  if (*total) {
    json.value(**total);
  } else {
    json.null();
  }
  json.end_object();
  json.key("metrics").begin_object();
  json.field("average_latency_ms", observer_.average_latency_ms())
      .field("error_rate_percent", observer_.error_rate_percent())
      .end_object();
  // The books know tenants, not rows: they would tell a key that is bound to some rows of others.
  if (request.principal->only.empty()) {
    write_accounting(json, *request.principal);
    if (queue_) write_queue(json, queue_());
  }
  json.end_object().end_object();
  co_return http::json(200, std::move(body));
}

// The whole store for an administrator, else the caller's tenant.
void OpsHandlers::write_accounting(JsonWriter& json, const auth::Principal& caller) const {
  const auto [tenants, counted] = books_.sums();
  json.field("counted", counted);
  if (!caller.scopes.has(auth::Scope::admin)) {
    const auto own = tenants.find(caller.tenant);
    write_sums(json, own == tenants.end() ? ingest::Accounting() : own->second, counted);
    return;
  }
  write_sums(json, ingest::total(tenants), counted);
  json.key("tenants").begin_object();
  for (const auto& [tenant, sums] : tenants) {
    json.key(tenant).begin_object();
    write_sums(json, sums, counted);
    json.end_object();
  }
  json.end_object();
}

}  // namespace logctl::handlers
