// How the metrics of this module are made: every family from its row, so that help and type are
// said once.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/error.h"
#include "shared/metrics/observer.h"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <string>
#include <string_view>

namespace logctl::metrics {

inline const prometheus::Histogram::BucketBoundaries kSeconds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

inline double in_seconds(microseconds took) { return std::chrono::duration<double>(took).count(); }

inline const MetricRow& row(std::string_view name, std::string_view type) {
  for (const MetricRow& candidate : metric_table()) {
    if (candidate.name == name && candidate.type == type) return candidate;
  }
  throw Error(ErrorCode::internal, fmt::format("metric '{}' has no row as a {}", name, type));
}

template <typename Builder>
auto& build(Builder builder, const MetricRow& from, prometheus::Registry& registry) {
  return builder.Name(std::string(from.name)).Help(std::string(from.help)).Register(registry);
}

}  // namespace logctl::metrics
