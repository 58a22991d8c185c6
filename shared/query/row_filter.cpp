#include "shared/query/row_filter.h"

#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace logctl::query {
namespace {

constexpr std::size_t kMaxValueBytes = 1024;
constexpr std::array<std::string_view, 10> kNames = {
    "service",    "host",        "event_type", "event_name", "user_id",
    "session_id", "app_version", "priority",   "level",      "min_level",
};

bool is_plain(std::string_view text) {
  return is_storable_text(text) && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == 0x7F;
         });
}

Error refuse(std::string message, std::string hint = {}) {
  return Error(ErrorCode::validation_error, std::move(message), std::move(hint));
}

}  // namespace

std::span<const std::string_view> row_rule_names() { return kNames; }

Filter parse_row_rule(std::string_view rule) {
  if (!is_plain(rule)) throw refuse("a rule holds control characters or is not UTF-8");
  const std::size_t equals = rule.find('=');
  if (equals == std::string_view::npos) {
    throw refuse(fmt::format("found '{}', expected FIELD=VALUE such as service=payments", rule));
  }
  const std::string_view name = rule.substr(0, equals);
  const std::string_view value = rule.substr(equals + 1);
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) {
    const std::string_view guess = nearest_name(name, kNames);
    throw refuse(fmt::format("found '{}', expected one of {}", name, fmt::join(kNames, ", ")),
                 guess.empty() ? std::string() : fmt::format("did you mean '{}'?", guess));
  }
  if (value.empty()) throw refuse(fmt::format("{}: expected a value, found nothing", name));
  if (value.size() > kMaxValueBytes) {
    throw refuse(
        fmt::format("{}: has {} bytes, allowed are {}", name, value.size(), kMaxValueBytes));
  }
  const bool at_least = name == "min_level";
  if ((at_least || name == "level") && !parse_level(value)) {
    throw refuse(
        fmt::format("{}: found '{}', expected a level such as INFO or ERROR", name, value));
  }
  Filter filter;
  filter.field = at_least ? Field::level : *parse_field(name);
  filter.op = at_least ? Op::at_least : Op::equal;
  filter.value = value;
  return filter;
}

std::vector<Filter> parse_row_filter(std::string_view text) {
  std::vector<Filter> filters;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    filters.push_back(parse_row_rule(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return filters;
}

}  // namespace logctl::query
