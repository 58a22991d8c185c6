#include "shared/metrics/observer.h"

#include "shared/base/mutex.h"
#include "shared/metrics/child_table.h"
#include "shared/metrics/families.h"
#include "shared/metrics/logger.h"

#include <fmt/format.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <limits>
#include <map>
#include <utility>
#include <vector>

namespace logctl::metrics {
namespace {

using prometheus::Counter;
using prometheus::Family;
using prometheus::Gauge;
using prometheus::Histogram;
using Steady = std::chrono::steady_clock;

const Histogram::BucketBoundaries kBatchRecords = {1, 5, 10, 25, 50, 100, 250, 500, 1000};
const Histogram::BucketBoundaries kCommitRecords = {1,    10,   50,    100,   500,
                                                    1000, 5000, 10000, 20000, 50000};

constexpr std::size_t kReasons = static_cast<std::size_t>(Reason::refused_by_store) + 1;
constexpr std::string_view kOther = "other";
constexpr Steady::duration kRepeatInterval = seconds(1);

// The values that the label `field` may have; what is inside a field counts as the field.
constexpr std::array<std::string_view, 20> kFields = {
    "timestamp",   "event_id",   "tenant",      "service",  "level",
    "message",     "event_type", "event_name",  "user_id",  "session_id",
    "app_version", "host",       "trace_id",    "span_id",  "sequence_number",
    "priority",    "properties", "device_info", "metadata", "attributes"};
std::string_view field_label(std::string_view field) {
  if (field.empty()) return "record";
  const std::string_view head = field.substr(0, field.find_first_of(".[/"));
  const auto known = std::find(kFields.begin(), kFields.end(), head);
  return known == kFields.end() ? kOther : *known;
}

struct RequestChild {
  Counter* requests;
  Histogram* duration;
};
template <typename Metric>
struct Pointer {
  Metric* metric;
};

}  // namespace

struct Observer::State {
  explicit State(const config::Config& config)
      : logger(config.log), access_log(config.log.access), event_types(config.ingest.event_types) {
    // Counters are there from the start with 0: a rate over the first error needs a point before.
    for (std::size_t i = 0; i < kReasons; ++i) {
      rejected[i] =
          &rejected_family.Add({{"reason", std::string(reason_name(static_cast<Reason>(i)))}});
    }
    std::vector<std::string> types = event_types;
    types.emplace_back("none");
    types.emplace_back(kOther);
    for (const std::string& type : types) {
      ingested.push_back(&ingested_family.Add({{"event_type", type}, {"priority", "normal"}}));
      ingested.push_back(&ingested_family.Add({{"event_type", type}, {"priority", "high"}}));
    }
    for (const char* bucket : {"requests", "records", "bytes"}) limited.Add({{"bucket", bucket}});
    gauge("logctl_build_info").Add({{"version", LOGCTL_VERSION}}).Set(1);
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    gauge("process_start_time_seconds").Add({}).Set(now.count());
  }

  Family<Counter>& counter(std::string_view name) {
    return build(prometheus::BuildCounter(), row(name, "counter"), registry);
  }
  Family<Gauge>& gauge(std::string_view name) {
    return build(prometheus::BuildGauge(), row(name, "gauge"), registry);
  }
  Family<Histogram>& histogram(std::string_view name) {
    return build(prometheus::BuildHistogram(), row(name, "histogram"), registry);
  }

  RequestChild request_child(const std::string& method, const std::string& endpoint, int status) {
    return {&requests.Add(
                {{"method", method}, {"endpoint", endpoint}, {"status", std::to_string(status)}}),
            &durations.Add({{"method", method}, {"endpoint", endpoint}}, kSeconds)};
  }

  void count_rejections(std::span<const Rejection> rejections);
  Counter& ingested_child(const LogRecord& record);
  std::uint64_t repeats_before(std::string_view operation, bool& write);

  Logger logger;
  std::atomic<bool> access_log;
  const std::vector<std::string> event_types;
  const Steady::time_point started = Steady::now();

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

  std::atomic<std::uint64_t> request_count = 0;
  std::atomic<std::uint64_t> request_micros = 0;
  std::atomic<std::uint64_t> server_errors = 0;

  struct Repeats {
    Steady::time_point written;
    std::uint64_t held_back = 0;
  };
  Mutex repeats_mutex;
  std::map<std::string, Repeats, std::less<>> repeats GUARDED_BY(repeats_mutex);
};

void Observer::State::count_rejections(std::span<const Rejection> rejections) {
  for (const Rejection& rejection : rejections) {
    const auto reason = static_cast<std::size_t>(rejection.reason);
    rejected[reason]->Increment();
    const std::string_view field = field_label(rejection.field);
    std::string key(field);
    key += static_cast<char>('0' + reason);
    const auto add = [&](std::string_view label) {
      return Pointer<Counter>{
          &validation_errors.Add({{"field", std::string(label)},
                                  {"error_type", std::string(reason_name(rejection.reason))}})};
    };
    validation_children
        .get(
            key, [&] { return add(field); }, [&] { return add(kOther); })
        .metric->Increment();
  }
}

Counter& Observer::State::ingested_child(const LogRecord& record) {
  std::size_t type = event_types.size();
  if (!record.event_type.empty()) {
    const auto found = std::find(event_types.begin(), event_types.end(), record.event_type);
    type = found == event_types.end() ? event_types.size() + 1
                                      : static_cast<std::size_t>(found - event_types.begin());
  }
  return *ingested[2 * type + (record.priority == "high" ? 1 : 0)];
}

// While the store is away every request fails alike: one line a second says so for all of them.
std::uint64_t Observer::State::repeats_before(std::string_view operation, bool& write) {
  const Steady::time_point now = Steady::now();
  const Lock lock(repeats_mutex);
  const auto [entry, is_new] = repeats.try_emplace(std::string(operation));
  write = is_new || now - entry->second.written >= kRepeatInterval;
  if (!write) {
    ++entry->second.held_back;
    return 0;
  }
  entry->second.written = now;
  return std::exchange(entry->second.held_back, 0);
}

std::uint64_t Accounting::rejected_total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : rejected) total += count;
  return total;
}

Observer::Observer(const config::Config& config) : state_(std::make_unique<State>(config)) {}
Observer::~Observer() = default;

void Observer::emit(const RequestServed& event) {
  State& s = *state_;
  fmt::basic_memory_buffer<char, 128> key;
  fmt::format_to(std::back_inserter(key), "{} {} {}", event.status, event.method, event.endpoint);
  const RequestChild& child = s.request_children.get(
      std::string_view(key.data(), key.size()),
      [&] {
        return s.request_child(std::string(event.method), std::string(event.endpoint),
                               event.status);
      },
      [&] { return s.request_child(std::string(kOther), std::string(kOther), 0); });
  child.requests->Increment();
  child.duration->Observe(in_seconds(event.took));
  s.bytes_in.Increment(static_cast<double>(event.bytes_in));
  s.bytes_out.Increment(static_cast<double>(event.bytes_out));
  s.request_count.fetch_add(1, std::memory_order_relaxed);
  s.request_micros.fetch_add(static_cast<std::uint64_t>(event.took.count()),
                             std::memory_order_relaxed);
  if (event.status >= 500) s.server_errors.fetch_add(1, std::memory_order_relaxed);

  if (!s.access_log || !s.logger.enabled(Severity::info)) return;
  LogLine line(s.logger.format(), "request");
  line.field("method", event.method)
      .field("target", event.target)
      .number("status", static_cast<std::uint64_t>(event.status))
      .milliseconds("ms", event.took)
      .number("bytes_in", event.bytes_in)
      .number("bytes_out", event.bytes_out)
      .field("remote", event.remote)
      .optional_field("key", event.key_id)
      .field("request_id", event.request_id);
  s.logger.write(Severity::info, line);
}

void Observer::emit(const RecordsReceived& event) {
  State& s = *state_;
  s.received.Increment(event.received);
  s.count_rejections(event.rejections);
  const auto add = [&](std::string_view endpoint) {
    return Pointer<Histogram>{
        &s.batch_sizes.Add({{"endpoint", std::string(endpoint)}}, kBatchRecords)};
  };
  s.batch_children
      .get(
          event.endpoint, [&] { return add(event.endpoint); }, [&] { return add(kOther); })
      .metric->Observe(event.received);

  if (event.rejections.empty() || !s.logger.enabled(Severity::debug)) return;
  const Rejection& first = event.rejections.front();
  LogLine line(s.logger.format(), "records rejected");
  line.field("endpoint", event.endpoint)
      .field("tenant", event.tenant)
      .number("rejected", event.rejections.size())
      .number("received", std::uint64_t{event.received})
      .number("first_index", std::uint64_t{first.index})
      .optional_field("first_field", first.field)
      .field("first_reason", first.message);
  s.logger.write(Severity::debug, line);
}

void Observer::emit(const BatchStored& event) {
  State& s = *state_;
  s.stored.Increment(event.stored);
  s.duplicates.Increment(event.duplicates);
  s.failed.Increment(event.failed);
  s.count_rejections(event.refused);
  // Neighbours mostly share their labels: runs are counted and added at once.
  Counter* current = nullptr;
  double run = 0;
  for (std::size_t i = 0; i < event.outcomes.size() && i < event.records.size(); ++i) {
    if (event.outcomes[i] != Outcome::stored) continue;
    Counter* child = &s.ingested_child(event.records[i]);
    if (child != current && current != nullptr) current->Increment(std::exchange(run, 0));
    current = child;
    ++run;
  }
  if (current != nullptr) current->Increment(run);

  if (event.refused.empty() || !s.logger.enabled(Severity::warn)) return;
  LogLine line(s.logger.format(), "records refused by the store");
  line.field("tenant", event.tenant)
      .number("refused", event.refused.size())
      .field("first_reason", event.refused.front().message);
  s.logger.write(Severity::warn, line);
}

void Observer::emit(const BatchSpooled& event) {
  state_->spooled.Increment(event.records);
  state_->duplicates.Increment(event.duplicates);
}

void Observer::emit(const CommitDone& event) {
  state_->commit_duration.Observe(in_seconds(event.took));
  state_->commit_records.Observe(event.records);
}

void Observer::emit(const StoreFailed& event) {
  State& s = *state_;
  const auto add = [&](std::string_view operation) {
    return Pointer<Counter>{&s.database_errors.Add({{"operation", std::string(operation)}})};
  };
  s.database_children
      .get(
          event.operation, [&] { return add(event.operation); }, [&] { return add(kOther); })
      .metric->Increment();

  bool write = false;
  const std::uint64_t held_back = s.repeats_before(event.operation, write);
  if (!write || !s.logger.enabled(Severity::error)) return;
  LogLine line(s.logger.format(), "store failed");
  line.field("operation", event.operation).field("error", event.message);
  if (held_back > 0) line.number("not_shown", held_back);
  s.logger.write(Severity::error, line);
}

void Observer::emit(const DeadLettersChanged& event) {
  state_->letters_kept.Increment(static_cast<double>(event.kept));
  state_->letters_not_kept.Increment(static_cast<double>(event.not_kept));
  state_->letters_removed.Increment(static_cast<double>(event.removed));
}

void Observer::emit(const RateLimited& event) {
  State& s = *state_;
  s.rate_limited.Increment();
  s.limited.Add({{"bucket", std::string(event.bucket)}}).Increment();
  if (!s.logger.enabled(Severity::debug)) return;
  LogLine line(s.logger.format(), "rate limited");
  line.optional_field("key", event.key_id).optional_field("bucket", event.bucket);
  s.logger.write(Severity::debug, line);
}

void Observer::emit(const Notice& event) {
  State& s = *state_;
  // The names differ by trace only, which notices do not have.
  const auto severity = static_cast<Severity>(static_cast<int>(event.severity) + 1);
  if (!s.logger.enabled(severity)) return;
  LogLine line(s.logger.format(), event.what);
  line.optional_field("detail", event.detail);
  s.logger.write(severity, line);
}

void Observer::set_connections(std::int64_t open) {
  state_->connections.Set(static_cast<double>(open));
}

void Observer::set_body_bytes(std::uint64_t bytes) {
  state_->body_bytes.Set(static_cast<double>(bytes));
}

void Observer::set_queue(std::uint64_t batches, std::uint64_t bytes) {
  state_->queue_batches.Set(static_cast<double>(batches));
  state_->queue_bytes.Set(static_cast<double>(bytes));
}

void Observer::set_backups(std::optional<Timestamp> newest,
                           std::optional<Timestamp> last_good_drill) {
  const auto unix_seconds = [](const std::optional<Timestamp>& time) {
    return time ? static_cast<double>(to_micros(*time)) / 1e6 : 0.0;
  };
  state_->backup_newest.Set(unix_seconds(newest));
  state_->backup_drilled.Set(unix_seconds(last_good_drill));
}

void Observer::set_maintenance(std::string_view task, Timestamp succeeded_at) {
  state_->maintenance.Add({{"task", std::string(task)}})
      .Set(static_cast<double>(to_micros(succeeded_at)) / 1e6);
}

void Observer::set_pool(std::uint64_t in_use, std::uint64_t idle) {
  state_->pool_in_use.Set(static_cast<double>(in_use));
  state_->pool_idle.Set(static_cast<double>(idle));
}

void Observer::set_spool(const SpoolState& spool) {
  State& s = *state_;
  s.spool_records.Set(spool.records ? static_cast<double>(*spool.records)
                                    : std::numeric_limits<double>::quiet_NaN());
  s.spool_bytes.Set(static_cast<double>(spool.bytes));
  s.spool_disk_bytes.Set(static_cast<double>(spool.disk_bytes));
  s.spool_oldest.Set(spool.oldest_seconds);
  s.spool_rate.Set(spool.drain_bytes_per_second);
  s.spool_corrupt.Set(static_cast<double>(spool.corrupt_frames));
  s.spool_failed.Set(spool.failed ? 1 : 0);
}

void Observer::set_keys(const KeyStates& keys) {
  State& s = *state_;
  s.keys_active.Set(static_cast<double>(keys.active));
  s.keys_ending.Set(static_cast<double>(keys.ending));
  s.keys_expired.Set(static_cast<double>(keys.expired));
  s.keys_revoked.Set(static_cast<double>(keys.revoked));
  s.keys_next_end.Set(keys.next_end);
}

void Observer::set_accounted(std::string_view tenant, std::string_view outcome,
                             std::uint64_t records) {
  state_->accounted.Add({{"tenant", std::string(tenant)}, {"outcome", std::string(outcome)}})
      .Set(static_cast<double>(records));
}

Accounting Observer::accounting() const {
  const auto whole = [](const Counter& counter) {
    return static_cast<std::uint64_t>(counter.Value());
  };
  Accounting sums;
  // What came of records is read before how many came: in between, the sum may only fall short.
  sums.stored = whole(state_->stored);
  sums.duplicate = whole(state_->duplicates);
  sums.failed = whole(state_->failed);
  for (std::size_t i = 0; i < kReasons; ++i) {
    const std::uint64_t count = whole(*state_->rejected[i]);
    if (count > 0) sums.rejected.emplace_back(reason_name(static_cast<Reason>(i)), count);
  }
  sums.received = whole(state_->received);
  return sums;
}

double Observer::average_latency_ms() const {
  const auto count = static_cast<double>(state_->request_count.load(std::memory_order_relaxed));
  const auto total = static_cast<double>(state_->request_micros.load(std::memory_order_relaxed));
  return count > 0 ? total / 1000 / count : 0;
}

double Observer::error_rate_percent() const {
  const auto count = static_cast<double>(state_->request_count.load(std::memory_order_relaxed));
  const auto errors = static_cast<double>(state_->server_errors.load(std::memory_order_relaxed));
  return count > 0 ? 100 * errors / count : 0;
}

MessageMetrics& Observer::messages() { return state_->messages; }

std::string Observer::scrape() const {
  state_->uptime.Set(std::chrono::duration<double>(Steady::now() - state_->started).count());
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

void Observer::configure(const config::Config& config) {
  state_->logger.set_level(config.log.level);
  state_->access_log = config.log.access;
}

}  // namespace logctl::metrics
