#include "shared/metrics/observer.h"

#include "shared/metrics/observer_state.h"

#include <chrono>
#include <optional>
#include <utility>

namespace logctl::metrics {

Observer::Observer(const config::Config& config) : state_(std::make_unique<State>(config)) {}
Observer::~Observer() = default;

void Observer::configure(const config::Config& config) {
  state_->logger.set_level(config.log.level);
  state_->access_log = config.log.access;
}

void Observer::emit(const RequestServed& event) {
  State& s = *state_;
  s.instruments.count_request(event);
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
  s.instruments.received.Increment(event.received);
  s.instruments.count_rejections(event.rejections);
  s.instruments.count_batch(event.endpoint, event.received);

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
  s.instruments.stored.Increment(event.stored);
  s.instruments.duplicates.Increment(event.duplicates);
  s.instruments.failed.Increment(event.failed);
  s.instruments.count_rejections(event.refused);
  // Neighbours mostly share their labels: runs are counted and added at once.
  Counter* current = nullptr;
  double run = 0;
  for (std::size_t i = 0; i < event.outcomes.size() && i < event.records.size(); ++i) {
    if (event.outcomes[i] != Outcome::stored) continue;
    Counter* child = &s.instruments.ingested_child(event.records[i]);
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
  state_->instruments.spooled.Increment(event.records);
  state_->instruments.duplicates.Increment(event.duplicates);
}

void Observer::emit(const CommitDone& event) {
  state_->instruments.commit_duration.Observe(std::chrono::duration<double>(event.took).count());
  state_->instruments.commit_records.Observe(event.records);
}

void Observer::emit(const StoreFailed& event) {
  State& s = *state_;
  s.instruments.count_store_failure(event.operation);
  const std::optional<std::uint64_t> held_back = s.repeats.admit(event.operation);
  if (!held_back || !s.logger.enabled(Severity::error)) return;
  LogLine line(s.logger.format(), "store failed");
  line.field("operation", event.operation).field("error", event.message);
  if (*held_back > 0) line.number("not_shown", *held_back);
  s.logger.write(Severity::error, line);
}

void Observer::emit(const DeadLettersChanged& event) {
  state_->instruments.letters_kept.Increment(static_cast<double>(event.kept));
  state_->instruments.letters_not_kept.Increment(static_cast<double>(event.not_kept));
  state_->instruments.letters_removed.Increment(static_cast<double>(event.removed));
}

void Observer::emit(const RateLimited& event) {
  State& s = *state_;
  s.instruments.rate_limited.Increment();
  s.instruments.limited.Add({{"bucket", std::string(event.bucket)}}).Increment();
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

MessageMetrics& Observer::messages() { return state_->instruments.messages; }

}  // namespace logctl::metrics
