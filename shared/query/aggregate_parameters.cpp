#include "shared/query/aggregate_parameters.h"

#include "shared/base/suggest.h"
#include "shared/base/units.h"
#include "shared/query/aggregate_sql.h"
#include "shared/query/compare.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

namespace logctl::query {
namespace {

constexpr std::array<std::string_view, 6> kSteps = {"1m", "5m", "15m", "1h", "6h", "1d"};
// A range is cut into at most so many steps where none was asked for.
constexpr std::int64_t kGoodSteps = 60;
constexpr std::array<std::string_view, 5> kPaging = {"page", "page_size", "sort_by", "sort_order",
                                                     "cursor"};
constexpr std::uint32_t kMostValues = 1000;
constexpr std::uint32_t kMostSample = 200'000;
constexpr std::size_t kMostBy = 4;
constexpr std::size_t kMostCalcs = 20;
constexpr std::size_t kMostText = 1024;
constexpr std::string_view kFieldForms =
    "a field such as service or properties.latency_ms (docs/query.md lists them)";

[[noreturn]] void fail(std::string_view parameter, std::string problem) {
  throw ParameterError(std::string(parameter), std::move(problem));
}
[[noreturn]] void refuse(std::string_view parameter, std::string_view value,
                         std::string_view expected) {
  fail(parameter,
       fmt::format("expected {}, found `{}`", expected, is_storable_text(value) ? value : "?"));
}

// What a call understands besides filters.
class Own {
 public:
  Own(const Parameters& parameters, std::span<const std::string_view> names,
      std::span<const std::string> event_types, Timestamp now) {
    Parameters filters;
    for (const auto& [name, value] : parameters) {
      if (std::ranges::find(kPaging, name) != kPaging.end()) {
        fail(name, "means nothing here: counts have no pages and no order to choose");
      }
      if (std::ranges::find(names, name) == names.end()) {
        // Ours to say, before the filter calls it its other name of page_size.
        if (name == "limit") fail(name, "means nothing here");
        filters.emplace_back(name, value);
        continue;
      }
      if (value.empty()) continue;
      if (value.size() > kMostText || !is_storable_text(value)) {
        fail(name, fmt::format("expected at most {} bytes of UTF-8 text without NUL", kMostText));
      }
      if (!values_.emplace(name, value).second) fail(name, "was given twice");
    }
    try {
      query = parse_filter(filters, event_types, now).query;
    } catch (const ParameterError& error) {
      if (!error.problem().starts_with("unknown parameter")) throw;
      // The filter's guess first: of two as near it wins.
      std::string_view guess = error.problem();
      guess.remove_prefix(std::min(guess.rfind(' ') + 1, guess.size()));
      std::vector<std::string_view> known = {guess.substr(0, guess.find('?'))};
      known.insert(known.end(), names.begin(), names.end());
      const std::string_view nearest = nearest_name(error.parameter(), known);
      if (nearest.empty()) throw;
      fail(error.parameter(), fmt::format("unknown parameter, did you mean {}?", nearest));
    }
  }

  std::optional<std::string_view> find(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    return found->second;
  }
  std::uint32_t number(std::string_view name, std::uint32_t otherwise, std::uint32_t most) const {
    const auto text = find(name);
    if (!text) return otherwise;
    std::uint32_t number = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc() || stop != end || number == 0 || number > most) {
      refuse(name, *text, fmt::format("a whole number from 1 to {}", most));
    }
    return number;
  }

  Query query;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

Subject read_subject(std::string_view parameter, std::string_view name) {
  if (auto subject = parse_subject(name)) return *subject;
  if (const std::string meant = likely_field(name); !meant.empty() && is_storable_text(name)) {
    fail(parameter, fmt::format("unknown field `{}`, did you mean {}?", name, meant));
  }
  refuse(parameter, name, kFieldForms);
}

// Split at commas outside parentheses and quotes.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ',';
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++i;
    if (c == '(' && !quoted) ++depth;
    if (c == ')' && !quoted) --depth;
    if (i < text.size() && (c != ',' || depth > 0 || quoted)) continue;
    std::string_view part = text.substr(begin, i - begin);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.push_back(part);
    begin = i + 1;
  }
  return parts;
}

constexpr std::string_view kCalcForms =
    "count, distinct(FIELD), sum(FIELD), avg(FIELD), min(FIELD), max(FIELD) or p1(FIELD) to "
    "p99(FIELD)";

Calc read_calc(std::string_view text) {
  if (text == "count") return {};
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || !text.ends_with(')')) refuse("calc", text, kCalcForms);
  const std::string_view name = text.substr(0, open);
  Calc calc;
  constexpr std::array kNamed = {
      std::pair{std::string_view("distinct"), Measure::distinct},
      std::pair{std::string_view("sum"), Measure::sum},
      std::pair{std::string_view("avg"), Measure::avg},
      std::pair{std::string_view("min"), Measure::min},
      std::pair{std::string_view("max"), Measure::max},
  };
  const auto* named = std::ranges::find(kNamed, name, [](const auto& row) { return row.first; });
  if (named != kNamed.end()) {
    calc.measure = named->second;
  } else {
    const char* end = name.data() + name.size();
    const auto [stop, error] =
        std::from_chars(name.data() + std::min<std::size_t>(1, name.size()), end, calc.rank);
    if (!name.starts_with('p') || error != std::errc() || stop != end || calc.rank < 1 ||
        calc.rank > 99) {
      refuse("calc", text, kCalcForms);
    }
    calc.measure = Measure::percentile;
  }
  calc.subject = read_subject("calc", text.substr(open + 1, text.size() - open - 2));
  const bool is_number = !calc.subject.path.empty() || calc.subject.field == Field::sequence_number;
  if (calc.measure != Measure::distinct && !is_number) {
    fail("calc", fmt::format("{} is no number: {} needs sequence_number or a property",
                             subject_name(calc.subject), name));
  }
  return calc;
}

microseconds fitting_step(const Query& query, Timestamp now) {
  const Timestamp until = query.until.value_or(now);
  for (const std::string_view name : kSteps) {
    const microseconds step = *parse_duration(name);
    if (query.since && (until - *query.since) / step <= kGoodSteps) return step;
  }
  return *parse_duration(kSteps.back());
}

}  // namespace

std::span<const std::string_view> step_names() { return kSteps; }

std::span<const std::string_view> group_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> result;
    for (const Field field : facet_columns()) result.push_back(field_name(field));
    return result;
  }();
  return names;
}

HitsRequest parse_hits(const Parameters& parameters, std::span<const std::string> event_types,
                       Timestamp now) {
  constexpr std::array<std::string_view, 3> kNames = {"step", "group", "limit"};
  Own own(parameters, kNames, event_types, now);
  HitsRequest request;
  request.grouping.query = std::move(own.query);
  const auto step = own.find("step");
  if (step && std::ranges::find(kSteps, *step) == kSteps.end()) {
    refuse("step", *step, fmt::format("one of {}", fmt::join(kSteps, ", ")));
  }
  request.grouping.step = step ? *parse_duration(*step) : fitting_step(request.grouping.query, now);
  if (const auto group = own.find("group")) {
    request.grouping.by.push_back(read_subject("group", *group));
  }
  request.limit = own.number("limit", request.limit, kMostValues);
  const Query& query = request.grouping.query;
  if (query.since && (query.until.value_or(now) - *query.since) / *request.grouping.step >
                         static_cast<std::int64_t>(kMostBuckets)) {
    fail("step", fmt::format("the range has more than {} steps: take longer ones, or a shorter "
                             "range",
                             kMostBuckets));
  }
  return request;
}

FacetsQuestion parse_facets(const Parameters& parameters, std::span<const std::string> event_types,
                            Timestamp now) {
  constexpr std::array<std::string_view, 2> kNames = {"limit", "sample"};
  Own own(parameters, kNames, event_types, now);
  FacetsQuestion question;
  question.query = std::move(own.query);
  question.limit = own.number("limit", question.limit, kMostValues);
  question.sample = own.number("sample", question.sample, kMostSample);
  return question;
}

ValuesQuestion parse_values(std::string_view name, const Parameters& parameters,
                            std::span<const std::string> event_types, Timestamp now) {
  constexpr std::array<std::string_view, 2> kNames = {"prefix", "limit"};
  ValuesQuestion question;
  question.subject = read_subject("field", name);
  Own own(parameters, kNames, event_types, now);
  question.query = std::move(own.query);
  if (question.subject.path.empty() && is_time(question.subject.field)) {
    fail("field", fmt::format("{} is a time: ask for hits instead", name));
  }
  question.prefix = own.find("prefix").value_or("");
  question.limit = own.number("limit", question.limit, kMostValues);
  return question;
}

StatsQuestion parse_stats(const Parameters& parameters, std::span<const std::string> event_types,
                          Timestamp now) {
  constexpr std::array<std::string_view, 3> kNames = {"by", "calc", "limit"};
  Own own(parameters, kNames, event_types, now);
  StatsQuestion question;
  question.query = std::move(own.query);
  for (const std::string_view name : split(own.find("by").value_or(""))) {
    question.by.push_back(read_subject("by", name));
    if (is_time(question.by.back().field) && question.by.back().path.empty()) {
      fail("by", fmt::format("{} is a time: ask for hits instead", name));
    }
  }
  for (const std::string_view text : split(own.find("calc").value_or("count"))) {
    question.calcs.push_back(read_calc(text));
  }
  if (question.by.size() > kMostBy) fail("by", fmt::format("takes at most {} fields", kMostBy));
  if (question.calcs.size() > kMostCalcs) {
    fail("calc", fmt::format("takes at most {} entries", kMostCalcs));
  }
  question.limit = own.number("limit", question.limit, kMostValues);
  return question;
}

}  // namespace logctl::query
