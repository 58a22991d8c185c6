// Questions for counts -> SQL text and parameters, for one backend. Pure.
#pragma once

#include "shared/query/aggregate.h"
#include "shared/query/sql.h"

#include <span>
#include <string_view>

namespace logctl::query {

// Where counts come from: the rows themselves, their roll-ups, or the sums of these by the day.
enum class Source { rows, rollups, sums };

// One row per group: the start of the bucket in microseconds (with a step), the subjects' values as
// text, the count. Groups without rows may be missing or 0.
Sql select_groups(const Grouping& question, Source source, Dialect dialect);

// What select_groups groups, row by row: the time in microseconds (with a step), the subjects'
// values, the count. SQLite only, whose GROUP BY sorts.
Sql select_counted(const Grouping& question, Source source);

// One row per value of one field: its text, the count. Without rows that do not have it.
Sql select_values(const ValuesQuestion& question, Source source, Dialect dialect);

// Of the newest `most` rows that match: each of facet_columns as it is counted, and the properties.
Sql select_facet_sample(const Query& query, std::uint32_t most, Dialect dialect);
// The columns whose values are worth counting: not texts and ids that every record has its own of.
std::span<const Field> facet_columns();

// For a percentile, a sum and the like: one row per group, with the values of `by`, the count, the
// results of `calcs` in their order; the largest groups first, limit + 1 of them, and in the last
// column how many groups there are. PostgreSQL only.
Sql select_stats(const StatsQuestion& question);
// One row per record: the values of `by`, then what each calc measures (nothing for count).
// SQLite only.
Sql select_measured(const StatsQuestion& question);

// The number of the newest rows that match, at most `most`, and the time of the oldest of these.
Sql select_bounded_count(const Query& query, std::uint64_t most, Dialect dialect);

}  // namespace logctl::query
