// URL parameters and command-line flags -> questions for counts. One list of rules serves both.
//
// All take the parameters of parse_filter (parameters.h) without paging and order, and their own.
// They throw ParameterError as parse_filter does.
#pragma once

#include "shared/query/aggregate.h"
#include "shared/query/parameters.h"

#include <span>
#include <string>
#include <string_view>

namespace logctl::query {

// The steps that hits can take, shortest first, as in `step=`.
std::span<const std::string_view> step_names();
// The fields that hits can group by: every column with values worth counting.
std::span<const std::string_view> group_names();

struct HitsRequest {
  Grouping grouping;         // with a step, by at most one subject
  std::uint32_t limit = 20;  // groups; the rest is summed up
};
// step (1m, 5m, 15m, 1h, 6h, 1d; else one that fits the range), group, limit.
HitsRequest parse_hits(const Parameters& parameters, std::span<const std::string> event_types,
                       Timestamp now);
// limit (of values), sample (rows).
FacetsQuestion parse_facets(const Parameters& parameters, std::span<const std::string> event_types,
                            Timestamp now);
// prefix, limit. `name` is the field, as in parse_subject.
ValuesQuestion parse_values(std::string_view name, const Parameters& parameters,
                            std::span<const std::string> event_types, Timestamp now);
// by (fields, comma separated), calc (count, distinct(F), sum(F), avg(F), min(F), max(F), p1(F) to
// p99(F), comma separated), limit (groups).
StatsQuestion parse_stats(const Parameters& parameters, std::span<const std::string> event_types,
                          Timestamp now);

}  // namespace logctl::query
