// How the metrics of this module are made: every family from its row, so that help and type are
// said once.
#pragma once

#include "shared/base/error.h"
#include "shared/metrics/observer.h"

#include <fmt/format.h>
#include <prometheus/registry.h>

#include <string>
#include <string_view>

namespace logctl::metrics {

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
