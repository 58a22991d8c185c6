#include "shared/metrics/observer.h"

#include <array>

namespace logctl::metrics {
namespace {

// Names without our prefix are those of the systems that logctl replaces: dashboards keep working.
constexpr std::array kTable = {
    MetricRow{"http_requests_total", "counter", "method,endpoint,status",
              "HTTP requests answered, by method, route and status"},
    MetricRow{"http_request_duration_seconds", "histogram", "method,endpoint",
              "time from a request's header to the end of its answer"},
    MetricRow{"logs_ingested_total", "counter", "event_type,priority",
              "records stored, by event type and priority"},
    MetricRow{"batch_size", "histogram", "endpoint", "records per request or file chunk"},
    MetricRow{"validation_errors_total", "counter", "field,error_type",
              "rejected records, by field and reason"},
    MetricRow{"database_errors_total", "counter", "operation",
              "operations that the store could not do, after all retries"},
    MetricRow{"rate_limit_exceeded_total", "counter", "",
              "requests refused because the key's token bucket was empty"},
    MetricRow{"logctl_rate_limited_total", "counter", "bucket",
              "requests refused by a key's limit: requests, records, bytes"},
    MetricRow{"logctl_keys", "gauge", "state",
              "keys of the store: active, ending (within auth.expiry_notice), expired, revoked"},
    MetricRow{"logctl_keys_next_end_timestamp_seconds", "gauge", "",
              "when the next key ends that still works, in Unix time; 0: none does"},
    MetricRow{"db_pool_connections", "gauge", "state", "database connections: in_use, idle"},
    MetricRow{"logctl_records_received_total", "counter", "", "records seen in requests and files"},
    MetricRow{"logctl_records_stored_total", "counter", "", "records committed to the store"},
    MetricRow{"logctl_records_spooled_total", "counter", "",
              "records made durable in the spool, before they reach the store"},
    MetricRow{
        "logctl_accounted_records", "gauge", "tenant,outcome",
        "the books, kept across restarts: received, stored, duplicate, rejected:<reason>, spooled, "
        "deleted:<how>"},
    MetricRow{"logctl_spool_records", "gauge", "",
              "records in the spool that wait for the store; NaN until they were counted"},
    MetricRow{"logctl_spool_bytes", "gauge", "", "bytes in the spool that wait for the store"},
    MetricRow{"logctl_spool_disk_bytes", "gauge", "", "disk space of the spool's files"},
    MetricRow{"logctl_spool_oldest_seconds", "gauge", "",
              "age of the oldest request that waits for the store"},
    MetricRow{"logctl_spool_drain_bytes_per_second", "gauge", "",
              "how fast the spool moves into the store"},
    MetricRow{"logctl_spool_corrupt_frames", "gauge", "",
              "damaged frames that were set aside and lie there"},
    MetricRow{"logctl_spool_failed", "gauge", "",
              "1 after a failed write or fsync: the spool refuses until a restart"},
    MetricRow{"logctl_records_duplicate_total", "counter", "",
              "records that the store already had"},
    MetricRow{"logctl_records_rejected_total", "counter", "reason",
              "records refused for good, by reason"},
    MetricRow{"logctl_records_failed_total", "counter", "",
              "records not taken because the store was away; the client was told to try again"},
    MetricRow{
        "logctl_dead_letters_total", "counter", "outcome",
        "refused records for `logctl rejects`: kept, not_kept (the disk failed or was too slow), "
        "removed (the oldest, to stay within rejects.max_bytes)"},
    MetricRow{"logctl_commit_duration_seconds", "histogram", "",
              "time of one group commit in the store"},
    MetricRow{"logctl_commit_records", "histogram", "", "records per group commit"},
    MetricRow{"logctl_queue_batches", "gauge", "", "batches waiting for the store"},
    MetricRow{"logctl_queue_bytes", "gauge", "", "memory of the batches waiting for the store"},
    MetricRow{"logctl_connections", "gauge", "", "open client connections"},
    MetricRow{"logctl_http_body_bytes", "gauge", "", "memory of the request bodies in hand"},
    MetricRow{"logctl_http_bytes_total", "counter", "direction",
              "bytes of request and answer bodies as sent: in, out"},
    MetricRow{"logctl_backup_last_timestamp", "gauge", "",
              "when the newest backup in backup.dir began, in Unix time; 0: there is none"},
    MetricRow{"logctl_backup_last_drill_ok_timestamp", "gauge", "",
              "when a backup was last restored and found complete, in Unix time; 0: never"},
    MetricRow{"logctl_maintenance_last_success_timestamp", "gauge", "task",
              "when a task of maintenance last ended well, by whichever instance, in Unix time"},
    MetricRow{"messagedb_requests_total", "counter", "method,status",
              "calls of POST /rpc, by method and status"},
    MetricRow{"messagedb_request_duration_seconds", "histogram", "method",
              "time of a call of POST /rpc, of long answers until their first message"},
    MetricRow{"messagedb_messages_written_total", "counter", "", "messages written, one by one"},
    MetricRow{"messagedb_messages_imported_total", "counter", "", "messages stored by imports"},
    MetricRow{"messagedb_conflicts_total", "counter", "",
              "writes refused because of an expected version, or an id that is taken"},
    MetricRow{"messagedb_commit_duration_seconds", "histogram", "",
              "time of one group commit of messages"},
    MetricRow{"messagedb_commit_messages", "histogram", "", "messages per group commit"},
    MetricRow{"messagedb_queue_messages", "gauge", "", "messages waiting to be written"},
    MetricRow{"messagedb_queue_bytes", "gauge", "", "memory of the messages waiting to be written"},
    MetricRow{"messagedb_sse_connections", "gauge", "", "open subscriptions"},
    MetricRow{"messagedb_pokes_total", "counter", "", "pokes sent to subscribers"},
    MetricRow{"messagedb_lagged_total", "counter", "",
              "times a subscriber was too slow and went on from the store"},
    MetricRow{"logctl_build_info", "gauge", "version", "always 1; carries the version"},
    MetricRow{"process_start_time_seconds", "gauge", "", "start of the process in Unix time"},
    MetricRow{"logctl_uptime_seconds", "gauge", "", "seconds since the start of the process"},
};

}  // namespace

std::span<const MetricRow> metric_table() { return kTable; }

}  // namespace logctl::metrics
