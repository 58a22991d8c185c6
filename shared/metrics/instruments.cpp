#include "shared/metrics/instruments.h"

#include "shared/metrics/families.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace logctl::metrics {
namespace {

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

}  // namespace

const Histogram::BucketBoundaries Instruments::kSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
const Histogram::BucketBoundaries Instruments::kBatchRecords = {1,   5,   10,  25,  50,
                                                                100, 250, 500, 1000};
const Histogram::BucketBoundaries Instruments::kCommitRecords = {1,    10,   50,    100,   500,
                                                                 1000, 5000, 10000, 20000, 50000};

Instruments::Instruments(std::vector<std::string> names) : event_types(std::move(names)) {
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

Family<Counter>& Instruments::counter(std::string_view name) {
  return build(prometheus::BuildCounter(), row(name, "counter"), registry);
}

Family<Gauge>& Instruments::gauge(std::string_view name) {
  return build(prometheus::BuildGauge(), row(name, "gauge"), registry);
}

Family<Histogram>& Instruments::histogram(std::string_view name) {
  return build(prometheus::BuildHistogram(), row(name, "histogram"), registry);
}

Counter& Instruments::ingested_child(const LogRecord& record) {
  std::size_t type = event_types.size();
  if (!record.event_type.empty()) {
    const auto found = std::find(event_types.begin(), event_types.end(), record.event_type);
    type = found == event_types.end() ? event_types.size() + 1
                                      : static_cast<std::size_t>(found - event_types.begin());
  }
  return *ingested[2 * type + (record.priority == "high" ? 1 : 0)];
}

void Instruments::count_request(const RequestServed& event) {
  const auto child_for = [this](std::string_view method, std::string_view endpoint, int status) {
    const std::string verb(method);
    const std::string path(endpoint);
    return RequestChild{
        &requests.Add({{"method", verb}, {"endpoint", path}, {"status", std::to_string(status)}}),
        &durations.Add({{"method", verb}, {"endpoint", path}}, kSeconds)};
  };
  fmt::basic_memory_buffer<char, 128> key;
  fmt::format_to(std::back_inserter(key), "{} {} {}", event.status, event.method, event.endpoint);
  const RequestChild& child = request_children.get(
      std::string_view(key.data(), key.size()),
      [&] { return child_for(event.method, event.endpoint, event.status); },
      [&] { return child_for(kOther, kOther, 0); });
  child.requests->Increment();
  child.duration->Observe(std::chrono::duration<double>(event.took).count());
  bytes_in.Increment(static_cast<double>(event.bytes_in));
  bytes_out.Increment(static_cast<double>(event.bytes_out));
}

void Instruments::count_batch(std::string_view endpoint, std::uint32_t records) {
  const auto add = [this](std::string_view label) {
    return Pointer<Histogram>{&batch_sizes.Add({{"endpoint", std::string(label)}}, kBatchRecords)};
  };
  batch_children
      .get(
          endpoint, [&] { return add(endpoint); }, [&] { return add(kOther); })
      .metric->Observe(records);
}

void Instruments::count_store_failure(std::string_view operation) {
  const auto add = [this](std::string_view label) {
    return Pointer<Counter>{&database_errors.Add({{"operation", std::string(label)}})};
  };
  database_children
      .get(
          operation, [&] { return add(operation); }, [&] { return add(kOther); })
      .metric->Increment();
}

void Instruments::count_rejections(std::span<const Rejection> rejections) {
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

}  // namespace logctl::metrics
