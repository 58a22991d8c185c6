// The Prometheus side of the observer: every family and child once, each family built from its row
// of metric_table(). For the observer's own files only.
//
// Thread-safe.
#pragma once

#include "shared/metrics/child_table.h"
#include "shared/metrics/events.h"
#include "shared/metrics/message_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::metrics {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;

// The value of a label for what has no room among its values.
inline constexpr std::string_view kOther = "other";

struct RequestChild {
  Counter* requests;
  Histogram* duration;
};
template <typename Metric>
struct Pointer {
  Metric* metric;
};

struct Instruments {
  // `types` are the values that the label event_type may have, besides none and other.
  explicit Instruments(std::vector<std::string> types);

  Counter& ingested_child(const LogRecord& record);
  void count_request(const RequestServed& event);
  void count_batch(std::string_view endpoint, std::uint32_t records);
  void count_store_failure(std::string_view operation);
  void count_rejections(std::span<const Rejection> rejections);

  static constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::refused_by_store) + 1;
  static const Histogram::BucketBoundaries kSeconds;
  static const Histogram::BucketBoundaries kBatchRecords;
  static const Histogram::BucketBoundaries kCommitRecords;

  const std::vector<std::string> event_types;
  prometheus::Registry registry;
  Family<Counter>& requests = counter("http_requests_total");
  Family<Histogram>& durations = histogram("http_request_duration_seconds");
  Family<Counter>& ingested_family = counter("logs_ingested_total");
  Family<Histogram>& batch_sizes = histogram("batch_size");
  Family<Counter>& validation_errors = counter("validation_errors_total");
  Family<Counter>& database_errors = counter("database_errors_total");
  Counter& rate_limited = counter("rate_limit_exceeded_total").Add({});
  Family<Counter>& limited = counter("logctl_rate_limited_total");
  Family<Gauge>& maintenance = gauge("logctl_maintenance_last_success_timestamp");
  Family<Gauge>& keys = gauge("logctl_keys");
  Gauge& keys_active = keys.Add({{"state", "active"}});
  Gauge& keys_ending = keys.Add({{"state", "ending"}});
  Gauge& keys_expired = keys.Add({{"state", "expired"}});
  Gauge& keys_revoked = keys.Add({{"state", "revoked"}});
  Gauge& keys_next_end = gauge("logctl_keys_next_end_timestamp_seconds").Add({});
  Family<Gauge>& pool = gauge("db_pool_connections");
  Gauge& backup_newest = gauge("logctl_backup_last_timestamp").Add({});
  Gauge& backup_drilled = gauge("logctl_backup_last_drill_ok_timestamp").Add({});
  Gauge& pool_in_use = pool.Add({{"state", "in_use"}});
  Gauge& pool_idle = pool.Add({{"state", "idle"}});
  Counter& received = counter("logctl_records_received_total").Add({});
  Counter& stored = counter("logctl_records_stored_total").Add({});
  Counter& duplicates = counter("logctl_records_duplicate_total").Add({});
  Family<Counter>& rejected_family = counter("logctl_records_rejected_total");
  Counter& failed = counter("logctl_records_failed_total").Add({});
  Counter& spooled = counter("logctl_records_spooled_total").Add({});
  Gauge& spool_records = gauge("logctl_spool_records").Add({});
  Gauge& spool_bytes = gauge("logctl_spool_bytes").Add({});
  Gauge& spool_disk_bytes = gauge("logctl_spool_disk_bytes").Add({});
  Gauge& spool_oldest = gauge("logctl_spool_oldest_seconds").Add({});
  Gauge& spool_rate = gauge("logctl_spool_drain_bytes_per_second").Add({});
  Gauge& spool_corrupt = gauge("logctl_spool_corrupt_frames").Add({});
  Gauge& spool_failed = gauge("logctl_spool_failed").Add({});
  Family<Gauge>& accounted = gauge("logctl_accounted_records");
  Family<Counter>& dead_letters = counter("logctl_dead_letters_total");
  Counter& letters_kept = dead_letters.Add({{"outcome", "kept"}});
  Counter& letters_not_kept = dead_letters.Add({{"outcome", "not_kept"}});
  Counter& letters_removed = dead_letters.Add({{"outcome", "removed"}});
  Histogram& commit_duration = histogram("logctl_commit_duration_seconds").Add({}, kSeconds);
  Histogram& commit_records = histogram("logctl_commit_records").Add({}, kCommitRecords);
  Gauge& queue_batches = gauge("logctl_queue_batches").Add({});
  Gauge& queue_bytes = gauge("logctl_queue_bytes").Add({});
  Gauge& connections = gauge("logctl_connections").Add({});
  Gauge& body_bytes = gauge("logctl_http_body_bytes").Add({});
  Family<Counter>& http_bytes = counter("logctl_http_bytes_total");
  Counter& bytes_in = http_bytes.Add({{"direction", "in"}});
  Counter& bytes_out = http_bytes.Add({{"direction", "out"}});
  Gauge& uptime = gauge("logctl_uptime_seconds").Add({});
  MessageMetrics messages{registry};

  std::array<Counter*, kReasons> rejected{};
  std::vector<Counter*> ingested;  // two for each event type, then for none and other
  ChildTable<RequestChild> request_children;
  ChildTable<Pointer<Histogram>, 256> batch_children;
  ChildTable<Pointer<Counter>> validation_children;
  ChildTable<Pointer<Counter>, 256> database_children;

 private:
  Family<Counter>& counter(std::string_view name);
  Family<Gauge>& gauge(std::string_view name);
  Family<Histogram>& histogram(std::string_view name);
};

}  // namespace logctl::metrics
