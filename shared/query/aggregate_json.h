// Counts as JSON: what HTTP answers as `data`, and the command line prints with -o json.
#pragma once

#include "shared/base/json_writer.h"
#include "shared/query/aggregate.h"
#include "shared/query/aggregate_parameters.h"

#include <span>

namespace logctl::query {

// {step, start, end, total, cut, result: [{metric: {FIELD: value}, total, values: [[seconds,
// count]]}]}: a series for each of the largest groups, with every step from start to end; `cut` and
// a series {others: true} when there are more groups. Without a lower bound it starts at the first
// step with rows, and ends at `now` or, if later, at the last one. Throws Error{validation_error}
// when that is more than kMostBuckets steps.
void write_hits(JsonWriter& json, const HitsRequest& request, std::span<const Group> groups,
                Timestamp now);
// {rows, total, cut, fields: [{field, rows, distinct, whole, values: [{value, count}]}]}
void write_facets(JsonWriter& json, const Facets& facets);
// The same without values.
void write_fields(JsonWriter& json, const Facets& facets);
// {field, rows, distinct, cut, values: [{value, count}]}
void write_values(JsonWriter& json, const ValuesQuestion& question, const Values& values);
// {by, calc, groups, cut, rows: [{group: {FIELD: value}, count, CALC: number}]}
void write_stats(JsonWriter& json, const StatsQuestion& question, const Stats& stats);

}  // namespace logctl::query
