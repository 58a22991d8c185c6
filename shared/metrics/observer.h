// Turns events into log lines and Prometheus metrics: the one place that knows both.
//
// Thread-safe. Owned by the program's top level, lent to everything below; ends the logger in its
// destructor, so nothing logs during static destruction.
#pragma once

#include "shared/config/config.h"
#include "shared/metrics/events.h"
#include "shared/metrics/message_metrics.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace logctl::metrics {

// Every metric once, for the reference docs and the test that compares them.
struct MetricRow {
  std::string_view name;
  std::string_view type;    // counter, gauge, histogram
  std::string_view labels;  // comma list
  std::string_view help;
};
std::span<const MetricRow> metric_table();

// Promise 2 since the start of this process: received = stored + duplicate + rejected (+ failed,
// which the client was told and will send again).
struct Accounting {
  std::uint64_t received = 0;
  std::uint64_t stored = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t failed = 0;
  std::vector<std::pair<std::string, std::uint64_t>>
      rejected;  // by reason, only those that occurred
  std::uint64_t rejected_total() const;
};

struct SpoolState {
  std::optional<std::uint64_t> records;  // nothing: not counted yet
  std::uint64_t bytes = 0;
  std::uint64_t disk_bytes = 0;
  double oldest_seconds = 0;  // age of the oldest frame that waits
  double drain_bytes_per_second = 0;
  std::uint64_t corrupt_frames = 0;
  bool failed = false;
};

// The keys of the store, by state.
struct KeyStates {
  std::uint64_t active = 0;
  std::uint64_t ending = 0;
  std::uint64_t expired = 0;
  std::uint64_t revoked = 0;
  double next_end = 0;  // Unix time; 0: none
};

class Observer {
 public:
  // Log lines go to stderr, as text or JSON, from `log.level` up.
  explicit Observer(const config::Config& config);
  ~Observer();
  Observer(const Observer&) = delete;

  void emit(const RequestServed& event);
  void emit(const RecordsReceived& event);
  void emit(const BatchStored& event);
  void emit(const BatchSpooled& event);
  void emit(const CommitDone& event);
  void emit(const StoreFailed& event);
  void emit(const DeadLettersChanged& event);
  void emit(const RateLimited& event);
  void emit(const Notice& event);

  // Gauges that are read when scraped: set by whoever owns the number.
  void set_connections(std::int64_t open);
  void set_body_bytes(std::uint64_t bytes);
  void set_queue(std::uint64_t batches, std::uint64_t bytes);
  void set_spool(const SpoolState& spool);
  void set_keys(const KeyStates& keys);
  // The persisted sums: `outcome` is received, stored, duplicate, rejected:<reason> or spooled. The
  // caller bounds the number of tenants.
  void set_accounted(std::string_view tenant, std::string_view outcome, std::uint64_t records);
  void set_pool(std::uint64_t in_use, std::uint64_t idle);
  // When a task of maintenance last ended well.
  void set_maintenance(std::string_view task, Timestamp succeeded_at);
  // Nothing: there is no backup, there was no good drill.
  void set_backups(std::optional<Timestamp> newest, std::optional<Timestamp> last_good_drill);

  Accounting accounting() const;
  // For Change66's statistics: mean request latency and share of 5xx since the start.
  double average_latency_ms() const;
  double error_rate_percent() const;

  // Streams of messages count by themselves.
  MessageMetrics& messages();

  // The Prometheus text format.
  std::string scrape() const;
  // Takes the reloadable settings of a new configuration: level and access lines.
  void configure(const config::Config& config);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace logctl::metrics
