#include "shared/query/compare.h"

#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/query/number.h"
#include "shared/query/path.h"
#include "shared/query/regex.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace logctl::query {
namespace {

// A severity's counted name comes first.
constexpr std::array kStoredLevels = {Level::trace,  Level::debug,    Level::info,
                                      Level::notice, Level::warn,     Level::warning,
                                      Level::error,  Level::critical, Level::fatal};
constexpr std::size_t kLongestNumber = 400;
constexpr std::size_t kLongestPath = 100;

bool is_integer(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

bool is_order(Op op) {
  return op == Op::less || op == Op::at_most || op == Op::more || op == Op::at_least;
}

std::string expected(std::string_view name, std::string_view what, std::string_view found) {
  return fmt::format("{}: expected {}, found `{}`", name, what, found);
}

std::string level_problem(std::string_view name, std::string_view found) {
  const std::string problem = expected(name, "a level such as INFO or ERROR", found);
  std::array<std::string_view, kStoredLevels.size()> names;
  std::ranges::transform(kStoredLevels, names.begin(), level_name);
  std::string upper(found);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  const std::string_view near = nearest_name(upper, names);
  return near.empty() ? problem : fmt::format("{}, did you mean {}?", problem, near);
}

// Where in the pattern, and what.
std::string pattern_problem(std::string_view name, const Filter& filter) {
  const std::optional<RegexProblem> problem = regex_problem(filter.value);
  if (!problem) return {};
  std::string_view pattern = filter.value;
  if (pattern.starts_with(kIgnoreCase)) pattern.remove_prefix(kIgnoreCase.size());
  return fmt::format("{}: regular expression: column {}: {}", name, column_of(pattern, problem->at),
                     problem->what);
}

std::string property_problem(const Filter& filter) {
  if (filter.path.size() > kLongestPath) {
    return fmt::format("properties: {} names one inside the other, allowed are {}",
                       filter.path.size(), kLongestPath);
  }
  if (filter.op == Op::matches) {
    return pattern_problem(property_name(filter.path), filter);
  }
  if (is_order(filter.op) && !is_number(filter.value)) {
    return expected(property_name(filter.path), "a number", filter.value);
  }
  return {};
}

}  // namespace

bool is_time(Field field) { return field == Field::timestamp || field == Field::received_at; }
bool is_text(Field field) { return !is_time(field) && field != Field::sequence_number; }

bool compares_value(Op op) { return op == Op::equal || is_order(op); }

bool is_group(Op op) { return op == Op::any_of || op == Op::all_of || op == Op::none_of; }

bool holds(std::strong_ordering order, Op op) {
  switch (op) {
    case Op::less:
      return order < 0;
    case Op::at_most:
      return order <= 0;
    case Op::more:
      return order > 0;
    case Op::at_least:
      return order >= 0;
    default:
      return order == 0;
  }
}

std::vector<std::string_view> level_names(Op op, Level level) {
  std::vector<std::string_view> names;
  for (const Level stored : kStoredLevels) {
    if (holds(level_severity(stored) <=> level_severity(level), op)) {
      names.push_back(level_name(stored));
    }
  }
  return names;
}

std::string_view counted_level(Level level) {
  if (level == Level::none) return {};
  return level_names(Op::equal, level).front();
}

std::vector<std::string> pieces_of(std::string_view pattern) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      pieces.emplace_back();
      continue;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    pieces.back() += pattern[i];
  }
  return pieces;
}

bool is_number(std::string_view text) {
  if (text.empty() || text.size() > kLongestNumber) return false;
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return false;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && std::isfinite(number);
}

std::string as_property_number(std::string_view value) {
  return is_json_number(value) && is_number(value) ? plain_number(value) : std::string(value);
}

std::string comparison_problem(const Filter& filter) {
  for (const Filter& part : filter.parts) {
    if (std::string problem = comparison_problem(part); !problem.empty()) return problem;
  }
  if (is_group(filter.op)) return {};
  if (!filter.path.empty()) return property_problem(filter);
  if (filter.op == Op::exists) return {};

  const std::string_view name = field_name(filter.field);
  if (filter.op == Op::contains || filter.op == Op::like || filter.op == Op::matches) {
    if (is_text(filter.field)) {
      return filter.op == Op::matches ? pattern_problem(name, filter) : std::string();
    }
    return fmt::format("{} is not text and cannot be searched for a part of it", name);
  }
  if (is_time(filter.field) && !parse_rfc3339(filter.value)) {
    return expected(name, "an RFC 3339 time", filter.value);
  }
  if (filter.field == Field::sequence_number && !is_integer(filter.value)) {
    return expected(name, "an integer", filter.value);
  }
  if (filter.field == Field::level && !parse_level(filter.value)) {
    return level_problem(name, filter.value);
  }
  if (is_order(filter.op) && is_text(filter.field) && filter.field != Field::level) {
    return fmt::format("{} is text, which is not compared by order", name);
  }
  return {};
}

}  // namespace logctl::query
