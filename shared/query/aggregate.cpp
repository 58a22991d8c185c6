#include "shared/query/aggregate.h"

#include "shared/query/compare.h"
#include "shared/query/path.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::query {
namespace {

constexpr std::size_t kMostPath = 40;

bool is_rolled_up(const Filter& filter) {
  if (is_group(filter.op)) {
    return std::ranges::all_of(filter.parts, [](const Filter& part) { return is_rolled_up(part); });
  }
  return is_rolled_up(Subject{filter.field, filter.path});
}

std::string_view measure_name(Measure measure) {
  switch (measure) {
    case Measure::count:
      return "count";
    case Measure::distinct:
      return "distinct";
    case Measure::sum:
      return "sum";
    case Measure::avg:
      return "avg";
    case Measure::min:
      return "min";
    case Measure::max:
      return "max";
    case Measure::percentile:
      break;
  }
  return "p";
}

}  // namespace

std::string subject_name(const Subject& subject) { return place_name(subject.field, subject.path); }

std::optional<Subject> parse_subject(std::string_view name) {
  if (const auto field = parse_field(name)) return Subject{*field};
  if (!name.starts_with(kProperties) || !is_storable_text(name)) return std::nullopt;
  name.remove_prefix(kProperties.size());
  auto path = read_path(name, {});
  if (!path || path->empty() || path->size() > kMostPath || !name.empty()) return std::nullopt;
  return Subject{Field{}, std::move(*path)};
}

bool is_rolled_up(const Subject& subject) {
  return subject.path.empty() && std::ranges::find(kRolledUp, subject.field) != kRolledUp.end();
}

bool is_rolled_up(const Query& query) {
  return std::ranges::all_of(query.filters,
                             [](const Filter& filter) { return is_rolled_up(filter); });
}

std::string calc_name(const Calc& calc) {
  if (calc.measure == Measure::count) return "count";
  if (calc.measure == Measure::percentile) {
    return fmt::format("p{}({})", calc.rank, subject_name(calc.subject));
  }
  return fmt::format("{}({})", measure_name(calc.measure), subject_name(calc.subject));
}

}  // namespace logctl::query
