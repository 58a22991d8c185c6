#include "shared/query/aggregate_json.h"

#include "shared/base/error.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace logctl::query {
namespace {

// Of one group: its steps and their sum.
struct Series {
  std::optional<std::string> name;
  bool others = false;
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;
};

Timestamp floor_to(Timestamp time, microseconds step) {
  const std::int64_t micros = to_micros(time);
  const std::int64_t rest = ((micros % step.count()) + step.count()) % step.count();
  return from_micros(micros - rest);
}

struct Range {
  Timestamp first;
  Timestamp last;  // the start of the last step
};

Range range_of(const HitsRequest& request, std::span<const Group> groups, Timestamp now) {
  const microseconds step = *request.grouping.step;
  const Query& query = request.grouping.query;
  Range range{floor_to(query.since.value_or(now), step),
              floor_to(query.until ? *query.until - microseconds(1) : now, step)};
  for (const Group& group : groups) {
    if (!query.since) range.first = std::min(range.first, *group.bucket);
    if (!query.until) range.last = std::max(range.last, *group.bucket);
  }
  if (!query.since && groups.empty()) range.first = range.last;
  if (!query.since && query.until) range.first = std::min(range.first, range.last);
  if ((range.last - range.first) / step >= static_cast<std::int64_t>(kMostBuckets)) {
    throw Error(ErrorCode::validation_error,
                fmt::format("the answer has more than {} steps", kMostBuckets),
                "take longer steps, or a shorter range");
  }
  return range;
}

std::vector<Series> series_of(const HitsRequest& request, std::span<const Group> groups,
                              const Range& range) {
  const microseconds step = *request.grouping.step;
  const auto steps =
      static_cast<std::size_t>(std::max<std::int64_t>((range.last - range.first) / step + 1, 0));
  std::map<std::optional<std::string>, std::uint64_t> totals;
  const auto name_of = [](const Group& group) {
    return group.values.empty() ? std::optional<std::string>() : group.values.front();
  };
  for (const Group& group : groups) totals[name_of(group)] += group.count;
  std::vector<Series> all;
  for (const auto& [name, total] : totals) {
    all.push_back({name, false, std::vector<std::uint64_t>(steps), total});
    // Beyond what any answer shows, memory for each is not needed.
    if (all.size() > 10'000) {
      throw Error(ErrorCode::validation_error, "group: the field has more than 10000 values",
                  "group by another field, or filter");
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Series::total);
  const bool cut = all.size() > request.limit;
  if (cut) all.resize(request.limit);
  if (cut) all.push_back({std::nullopt, true, std::vector<std::uint64_t>(steps), 0});
  std::map<std::optional<std::string>, std::size_t> place;
  for (std::size_t i = 0; i < all.size() - (cut ? 1 : 0); ++i) place[all[i].name] = i;
  for (const Group& group : groups) {
    const auto known = place.find(name_of(group));
    Series& series = known == place.end() ? all.back() : all[known->second];
    if (series.others) series.total += group.count;
    const auto at = static_cast<std::size_t>((*group.bucket - range.first) / step);
    if (at < steps) series.counts[at] += group.count;
  }
  // An answer without rows still shows its steps.
  if (all.empty() && request.grouping.by.empty()) {
    all.push_back({std::nullopt, false, std::vector<std::uint64_t>(steps), 0});
  }
  return all;
}

void write_text(JsonWriter& json, const std::optional<std::string>& text) {
  if (text) {
    json.value(*text);
  } else {
    json.null();
  }
}

void write_top(JsonWriter& json, const Values& values) {
  json.key("values").begin_array();
  for (const Value& value : values.top) {
    json.begin_object().field("value", value.text).field("count", value.count).end_object();
  }
  json.end_array();
}

void write_facet_list(JsonWriter& json, const Facets& facets, bool with_values) {
  json.begin_object().field("rows", facets.rows);
  json.key("total");
  if (facets.total) {
    json.value(*facets.total);
  } else {
    json.null();
  }
  json.field("cut", facets.cut);
  json.key("fields").begin_array();
  for (const Facet& facet : facets.fields) {
    json.begin_object()
        .field("field", facet.field)
        .field("rows", facet.values.rows)
        .field("distinct", facet.values.distinct)
        .field("whole", facet.whole);
    if (with_values) write_top(json, facet.values);
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace

void write_hits(JsonWriter& json, const HitsRequest& request, std::span<const Group> groups,
                Timestamp now) {
  const Range range = range_of(request, groups, now);
  const microseconds step = *request.grouping.step;
  const std::vector<Series> all = series_of(request, groups, range);
  std::uint64_t total = 0;
  for (const Series& series : all) total += series.total;
  json.begin_object()
      .field("step", format_duration(step))
      .field("start", range.first)
      .field("end", range.last + step)
      .field("total", total)
      .field("cut", !all.empty() && all.back().others);
  json.key("result").begin_array();
  for (const Series& series : all) {
    json.begin_object().key("metric").begin_object();
    if (!request.grouping.by.empty() && !series.others) {
      json.key(subject_name(request.grouping.by.front()));
      write_text(json, series.name);
    }
    json.end_object();
    if (series.others) json.field("others", true);
    json.field("total", series.total).key("values").begin_array();
    for (std::size_t i = 0; i < series.counts.size(); ++i) {
      const Timestamp at = range.first + static_cast<std::int64_t>(i) * step;
      json.begin_array().value(to_micros(at) / 1'000'000).value(series.counts[i]).end_array();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
}

void write_facets(JsonWriter& json, const Facets& facets) { write_facet_list(json, facets, true); }

void write_fields(JsonWriter& json, const Facets& facets) { write_facet_list(json, facets, false); }

void write_values(JsonWriter& json, const ValuesQuestion& question, const Values& values) {
  json.begin_object()
      .field("field", subject_name(question.subject))
      .field("rows", values.rows)
      .field("distinct", values.distinct)
      .field("cut", values.distinct > values.top.size());
  write_top(json, values);
  json.end_object();
}

void write_stats(JsonWriter& json, const StatsQuestion& question, const Stats& stats) {
  json.begin_object().key("by").begin_array();
  for (const Subject& subject : question.by) json.value(subject_name(subject));
  json.end_array().key("calc").begin_array();
  for (const Calc& calc : question.calcs) json.value(calc_name(calc));
  json.end_array().field("groups", stats.groups).field("cut", stats.groups > stats.rows.size());
  json.key("rows").begin_array();
  for (const StatsRow& row : stats.rows) {
    json.begin_object().key("group").begin_object();
    for (std::size_t i = 0; i < question.by.size(); ++i) {
      json.key(subject_name(question.by[i]));
      write_text(json, row.values[i]);
    }
    json.end_object().field("count", row.count);
    for (std::size_t i = 0; i < question.calcs.size(); ++i) {
      if (question.calcs[i].measure == Measure::count) continue;
      json.key(calc_name(question.calcs[i]));
      if (row.results[i]) {
        json.value(*row.results[i]);
      } else {
        json.null();
      }
    }
    json.end_object();
  }
  json.end_array().end_object();
}

}  // namespace logctl::query
