// Questions that are answered with counts, and their answers, as values. Storage answers them
// (storage/counting.h); it knows neither SQL nor HTTP.
#pragma once

#include "shared/query/query.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::query {

// What rows are grouped or measured by: a column, or with a `path` a property.
struct Subject {
  Subject() = default;
  Subject(Field column) : field(column) {}
  Subject(Field column, std::vector<std::string> keys) : field(column), path(std::move(keys)) {}

  Field field{};
  std::vector<std::string> path = {};

  bool operator==(const Subject&) const = default;
};
// `service`, `properties.geo.city`.
std::string subject_name(const Subject& subject);
// Nothing when it is no such name.
std::optional<Subject> parse_subject(std::string_view name);

// The columns that roll-ups know besides tenant and minute.
inline constexpr std::array kRolledUp = {Field::service, Field::level, Field::event_type,
                                         Field::event_name};
bool is_rolled_up(const Subject& subject);
// True when roll-ups can tell which rows pass all filters; the bounds of time are not looked at.
bool is_rolled_up(const Query& query);

// Rows by time and by the values of subjects. Order, limit and position of `query` mean nothing
// here, nor in the other questions.
struct Grouping {
  Query query;
  std::optional<microseconds> step;  // whole minutes that divide a day; aligned to UTC
  std::vector<Subject> by;
};
struct Group {
  std::optional<Timestamp> bucket;                 // its start, with a step
  std::vector<std::optional<std::string>> values;  // one for each subject; nothing: absent
  std::uint64_t count = 0;
};

// The time of every step that an answer shows.
inline constexpr std::size_t kMostBuckets = 11'000;

struct Value {
  std::string text;
  std::uint64_t count = 0;
  bool operator==(const Value&) const = default;
};

// The values of one field, most frequent first, ties in the order of bytes.
struct ValuesQuestion {
  Query query;
  Subject subject;
  std::string prefix;
  std::uint32_t limit = 20;
};
struct Values {
  std::vector<Value> top;
  std::uint64_t distinct = 0;  // with the prefix, the limit not applied
  std::uint64_t rows = 0;      // that have one of them
};

// What fields there are and their most frequent values, over the newest rows that match.
struct FacetsQuestion {
  Query query;
  std::uint32_t sample = 10'000;  // rows that are looked at
  std::uint32_t limit = 10;       // values of each field
};
struct Facet {
  std::string field;  // as in parse_subject
  Values values;
  bool whole = false;  // over all rows that match, not over those that were looked at
};
struct Facets {
  std::vector<Facet> fields;           // columns in their order, then properties by name
  std::uint64_t rows = 0;              // that were looked at
  std::optional<std::uint64_t> total;  // that match; nothing when that is not known exactly
  bool cut = false;                    // more match than were looked at
};

enum class Measure : std::uint8_t { count, distinct, sum, avg, min, max, percentile };
// One thing to compute: `count`, `distinct(user_id)`, `p95(properties.latency_ms)`.
struct Calc {
  Measure measure = Measure::count;
  Subject subject;          // of all but count
  std::uint32_t rank = 50;  // of a percentile, 1 to 99

  bool operator==(const Calc&) const = default;
};
std::string calc_name(const Calc& calc);

struct StatsQuestion {
  Query query;
  std::vector<Subject> by;
  std::vector<Calc> calcs;
  std::uint32_t limit = 100;  // groups
};
struct StatsRow {
  std::vector<std::optional<std::string>> values;  // of the subjects in `by`
  std::uint64_t count = 0;
  std::vector<std::optional<double>> results;  // one for each calc; nothing without a number
};
struct Stats {
  std::vector<StatsRow> rows;  // the largest groups first
  std::uint64_t groups = 0;    // that there are
};

}  // namespace logctl::query
