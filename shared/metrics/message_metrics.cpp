#include "shared/metrics/message_metrics.h"

#include "shared/metrics/child_table.h"
#include "shared/metrics/families.h"
#include "shared/metrics/instruments.h"

#include <chrono>
#include <iterator>

namespace logctl::metrics {
namespace {

double in_seconds(microseconds took) { return std::chrono::duration<double>(took).count(); }

const Histogram::BucketBoundaries kGroup = {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000};

}  // namespace

struct MessageMetrics::State {
  explicit State(prometheus::Registry& to) : registry(to) {}

  struct Child {
    Counter* calls;
    Histogram* duration;
  };
  Child child(const std::string& method, const std::string& status) {
    return {&requests.Add({{"method", method}, {"status", status}}),
            &durations.Add({{"method", method}}, Instruments::kSeconds)};
  }
  Counter& counter(std::string_view name) { return counters(name).Add({}); }
  Family<Counter>& counters(std::string_view name) {
    return build(prometheus::BuildCounter(), row(name, "counter"), registry);
  }
  Gauge& gauge(std::string_view name) {
    return build(prometheus::BuildGauge(), row(name, "gauge"), registry).Add({});
  }
  Family<Histogram>& histograms(std::string_view name) {
    return build(prometheus::BuildHistogram(), row(name, "histogram"), registry);
  }

  prometheus::Registry& registry;
  Family<Counter>& requests = counters("messagedb_requests_total");
  Family<Histogram>& durations = histograms("messagedb_request_duration_seconds");
  Counter& written = counter("messagedb_messages_written_total");
  Counter& imported = counter("messagedb_messages_imported_total");
  Counter& refused = counter("messagedb_conflicts_total");
  Histogram& commit =
      histograms("messagedb_commit_duration_seconds").Add({}, Instruments::kSeconds);
  Histogram& group = histograms("messagedb_commit_messages").Add({}, kGroup);
  Gauge& queue_messages = gauge("messagedb_queue_messages");
  Gauge& queue_bytes = gauge("messagedb_queue_bytes");
  Gauge& subscriptions = gauge("messagedb_sse_connections");
  Counter& pokes = counter("messagedb_pokes_total");
  Counter& lagged = counter("messagedb_lagged_total");
  ChildTable<Child, 512> children;
};

MessageMetrics::MessageMetrics(prometheus::Registry& registry)
    : state_(std::make_unique<State>(registry)) {}
MessageMetrics::~MessageMetrics() = default;

void MessageMetrics::called(std::string_view method, int status, microseconds took) {
  fmt::basic_memory_buffer<char, 64> key;
  fmt::format_to(std::back_inserter(key), "{} {}", status, method);
  const State::Child& child = state_->children.get(
      std::string_view(key.data(), key.size()),
      [&] { return state_->child(std::string(method), std::to_string(status)); },
      [&] { return state_->child("other", "other"); });
  child.calls->Increment();
  child.duration->Observe(in_seconds(took));
}

void MessageMetrics::committed(std::size_t messages, microseconds took) {
  state_->commit.Observe(in_seconds(took));
  state_->group.Observe(static_cast<double>(messages));
}

void MessageMetrics::written(std::uint64_t messages) {
  state_->written.Increment(static_cast<double>(messages));
}

void MessageMetrics::imported(std::uint64_t messages) {
  state_->imported.Increment(static_cast<double>(messages));
}

void MessageMetrics::refused() { state_->refused.Increment(); }

void MessageMetrics::set_subscriptions(std::size_t open) {
  state_->subscriptions.Set(static_cast<double>(open));
}

void MessageMetrics::set_queue(std::size_t messages, std::uint64_t bytes) {
  state_->queue_messages.Set(static_cast<double>(messages));
  state_->queue_bytes.Set(static_cast<double>(bytes));
}

void MessageMetrics::poked(std::uint64_t pokes) {
  state_->pokes.Increment(static_cast<double>(pokes));
}

void MessageMetrics::lagged() { state_->lagged.Increment(); }

}  // namespace logctl::metrics
