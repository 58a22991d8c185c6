#include "shared/query/match.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/compare.h"
#include "shared/query/number.h"
#include "shared/query/property.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <cstdint>
#include <string_view>
#include <utility>

namespace logctl::query {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

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

// What stands between the stars of a pattern; one piece when it has none.
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

bool fits(std::string_view text, const std::vector<std::string>& pieces) {
  if (pieces.size() == 1) return text == pieces.front();
  if (!text.starts_with(pieces.front())) return false;
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t at = text.find(pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

bool holds_text(std::string_view text, std::string_view lower_part) {
  return std::search(text.begin(), text.end(), lower_part.begin(), lower_part.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end() ||
         lower_part.empty();
}

}  // namespace

struct Matcher::Test {
  Field field{};
  Op op{};
  std::vector<std::string> path;
  std::string value;                // for contains in lower case
  std::vector<std::string> pieces;  // of a pattern
  std::int64_t number = 0;          // a time in microseconds, a sequence number, a severity
  bool numeric = false;             // the value can equal a property that is a number
  std::vector<Test> parts;
};

Matcher::Matcher(const Query& query)
    : tenant_(query.tenant), since_(query.since), until_(query.until) {
  for (const Filter& filter : query.filters) {
    if (std::string problem = comparison_problem(filter); !problem.empty()) {
      throw Error(ErrorCode::validation_error, std::move(problem));
    }
    tests_.push_back(compile(filter));
  }
}

Matcher::~Matcher() = default;
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;

Matcher::Test Matcher::compile(const Filter& filter) {
  Test test;
  test.field = filter.field;
  test.op = filter.op;
  test.path = filter.path;
  test.value = filter.value;
  for (const Filter& part : filter.parts) test.parts.push_back(compile(part));
  if (filter.op == Op::contains) {
    std::transform(test.value.begin(), test.value.end(), test.value.begin(), lower);
  }
  if (filter.op == Op::like) test.pieces = pieces_of(filter.value);
  if (!filter.path.empty()) {
    test.numeric = is_json_number(filter.value) && is_number(filter.value);
  } else if (filter.parts.empty() && compares_value(filter.op)) {
    if (is_time(filter.field)) test.number = to_micros(*parse_rfc3339(filter.value));
    if (filter.field == Field::level) test.number = level_severity(*parse_level(filter.value));
    if (filter.field == Field::sequence_number) {
      std::from_chars(filter.value.data(), filter.value.data() + filter.value.size(), test.number);
    }
  }
  return test;
}

bool Matcher::matches(const LogRecord& record) const {
  if ((record.tenant.empty() ? std::string_view("default") : record.tenant) != tenant_) {
    return false;
  }
  if (since_ && record.timestamp < *since_) return false;
  if (until_ && record.timestamp >= *until_) return false;
  return std::all_of(tests_.begin(), tests_.end(),
                     [&](const Test& test) { return passes(test, record); });
}

// SQL knows a third answer, "unknown", where a record lacks the field. It is the same as "no" here:
// groups of yes and no never turn it into a yes, and none_of counts it as a no as well.
bool Matcher::passes(const Test& test, const LogRecord& record) {
  const auto passes_here = [&](const Test& part) { return passes(part, record); };
  switch (test.op) {
    case Op::any_of:
      return std::any_of(test.parts.begin(), test.parts.end(), passes_here);
    case Op::all_of:
      return std::all_of(test.parts.begin(), test.parts.end(), passes_here);
    case Op::none_of:
      return std::none_of(test.parts.begin(), test.parts.end(), passes_here);
    default:
      return test.path.empty() ? column_passes(test, record) : property_passes(test, record);
  }
}

bool Matcher::column_passes(const Test& test, const LogRecord& record) {
  if (is_time(test.field)) {
    const Timestamp time = test.field == Field::timestamp ? record.timestamp : record.received_at;
    return test.op == Op::exists || holds(to_micros(time) <=> test.number, test.op);
  }
  if (test.field == Field::sequence_number) {
    if (!record.sequence_number) return false;
    return test.op == Op::exists || holds(*record.sequence_number <=> test.number, test.op);
  }
  const std::string_view text = field_text(record, test.field);
  if (text.empty()) return false;
  if (test.field == Field::level && compares_value(test.op)) {
    return holds(std::int64_t{level_severity(record.level)} <=> test.number, test.op);
  }
  return text_passes(test, text);
}

bool Matcher::property_passes(const Test& test, const LogRecord& record) {
  using Kind = Property::Kind;
  const Property property = find_property(record.properties, test.path);
  if (property.kind == Kind::absent) return false;
  if (test.op == Op::exists) return true;
  if (property.kind == Kind::container) return false;
  const bool by_value = compares_value(test.op) && property.kind == Kind::number;
  if (by_value && (test.op != Op::equal || test.numeric)) {
    return holds(compare_numbers(property.text, test.value), test.op);
  }
  // Text is not compared by order, and a number equals no text.
  if (by_value || (compares_value(test.op) && test.op != Op::equal)) return false;
  return text_passes(test, property.text);
}

bool Matcher::text_passes(const Test& test, std::string_view text) {
  switch (test.op) {
    case Op::exists:
      return true;
    case Op::contains:
      return holds_text(text, test.value);
    case Op::like:
      return fits(text, test.pieces);
    default:
      return text == test.value;
  }
}

std::string_view field_text(const LogRecord& record, Field field) {
  switch (field) {
    case Field::event_id:
      return record.event_id;
    case Field::service:
      return record.service;
    case Field::level:
      return level_name(record.level);
    case Field::message:
      return record.message;
    case Field::event_type:
      return record.event_type;
    case Field::event_name:
      return record.event_name;
    case Field::user_id:
      return record.user_id;
    case Field::session_id:
      return record.session_id;
    case Field::app_version:
      return record.app_version;
    case Field::host:
      return record.host;
    case Field::trace_id:
      return record.trace_id;
    case Field::span_id:
      return record.span_id;
    case Field::priority:
      return record.priority.empty() ? std::string_view("normal") : record.priority;
    case Field::timestamp:
    case Field::received_at:
    case Field::sequence_number:
      break;
  }
  return {};
}

}  // namespace logctl::query
