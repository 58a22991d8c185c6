#include "shared/metrics/observer_state.h"

#include <prometheus/text_serializer.h>

#include <chrono>
#include <limits>

namespace logctl::metrics {

void Observer::set_connections(std::int64_t open) {
  state_->instruments.connections.Set(static_cast<double>(open));
}

void Observer::set_body_bytes(std::uint64_t bytes) {
  state_->instruments.body_bytes.Set(static_cast<double>(bytes));
}

void Observer::set_queue(std::uint64_t batches, std::uint64_t bytes) {
  state_->instruments.queue_batches.Set(static_cast<double>(batches));
  state_->instruments.queue_bytes.Set(static_cast<double>(bytes));
}

void Observer::set_backups(std::optional<Timestamp> newest,
                           std::optional<Timestamp> last_good_drill) {
  const auto unix_seconds = [](const std::optional<Timestamp>& time) {
    return time ? static_cast<double>(to_micros(*time)) / 1e6 : 0.0;
  };
  state_->instruments.backup_newest.Set(unix_seconds(newest));
  state_->instruments.backup_drilled.Set(unix_seconds(last_good_drill));
}

void Observer::set_maintenance(std::string_view task, Timestamp succeeded_at) {
  state_->instruments.maintenance.Add({{"task", std::string(task)}})
      .Set(static_cast<double>(to_micros(succeeded_at)) / 1e6);
}

void Observer::set_pool(std::uint64_t in_use, std::uint64_t idle) {
  state_->instruments.pool_in_use.Set(static_cast<double>(in_use));
  state_->instruments.pool_idle.Set(static_cast<double>(idle));
}

void Observer::set_spool(const SpoolState& spool) {
  Instruments& s = state_->instruments;
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
  Instruments& s = state_->instruments;
  s.keys_active.Set(static_cast<double>(keys.active));
  s.keys_ending.Set(static_cast<double>(keys.ending));
  s.keys_expired.Set(static_cast<double>(keys.expired));
  s.keys_revoked.Set(static_cast<double>(keys.revoked));
  s.keys_next_end.Set(keys.next_end);
}

void Observer::set_accounted(std::string_view tenant, std::string_view outcome,
                             std::uint64_t records) {
  state_->instruments.accounted
      .Add({{"tenant", std::string(tenant)}, {"outcome", std::string(outcome)}})
      .Set(static_cast<double>(records));
}

std::uint64_t Accounting::rejected_total() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : rejected) total += count;
  return total;
}

Accounting Observer::accounting() const {
  const auto whole = [](const Counter& counter) {
    return static_cast<std::uint64_t>(counter.Value());
  };
  Accounting sums;
  // What came of records is read before how many came: in between, the sum may only fall short.
  sums.stored = whole(state_->instruments.stored);
  sums.duplicate = whole(state_->instruments.duplicates);
  sums.failed = whole(state_->instruments.failed);
  for (std::size_t i = 0; i < Instruments::kReasons; ++i) {
    const std::uint64_t count = whole(*state_->instruments.rejected[i]);
    if (count > 0) sums.rejected.emplace_back(reason_name(static_cast<Reason>(i)), count);
  }
  sums.received = whole(state_->instruments.received);
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

std::string Observer::scrape() const {
  state_->instruments.uptime.Set(
      std::chrono::duration<double>(std::chrono::steady_clock::now() - state_->started).count());
  return prometheus::TextSerializer().Serialize(state_->instruments.registry.Collect());
}

}  // namespace logctl::metrics
