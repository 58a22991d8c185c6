#include "shared/query/compare.h"

#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

namespace logctl::query {
namespace {

constexpr std::size_t kLongestNumber = 400;

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

std::string property_problem(const Filter& filter) {
  if (is_order(filter.op) && !is_number(filter.value)) {
    return expected("properties." + filter.path.back(), "a number", filter.value);
  }
  return {};
}

}  // namespace

bool is_time(Field field) { return field == Field::timestamp || field == Field::received_at; }
bool is_text(Field field) { return !is_time(field) && field != Field::sequence_number; }

bool compares_value(Op op) { return op == Op::equal || is_order(op); }

bool is_number(std::string_view text) {
  if (text.empty() || text.size() > kLongestNumber) return false;
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return false;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end && std::isfinite(number);
}

std::string comparison_problem(const Filter& filter) {
  for (const Filter& part : filter.parts) {
    if (std::string problem = comparison_problem(part); !problem.empty()) return problem;
  }
  if (filter.op == Op::any_of || filter.op == Op::all_of || filter.op == Op::none_of) return {};
  if (!filter.path.empty()) return property_problem(filter);
  if (filter.op == Op::exists) return {};

  const std::string_view name = field_name(filter.field);
  if (filter.op == Op::contains || filter.op == Op::like) {
    if (is_text(filter.field)) return {};
    return fmt::format("{} is not text and cannot be searched for a part of it", name);
  }
  if (is_time(filter.field) && !parse_rfc3339(filter.value)) {
    return expected(name, "an RFC 3339 time", filter.value);
  }
  if (filter.field == Field::sequence_number && !is_integer(filter.value)) {
    return expected(name, "an integer", filter.value);
  }
  if (filter.field == Field::level && !parse_level(filter.value)) {
    return expected(name, "a level such as INFO or ERROR", filter.value);
  }
  if (is_order(filter.op) && is_text(filter.field) && filter.field != Field::level) {
    return fmt::format("{} is text, which is not compared by order", name);
  }
  return {};
}

}  // namespace logctl::query
