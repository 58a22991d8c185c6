#include "shared/query/match.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/compare.h"
#include "shared/query/property_condition.h"
#include "shared/query/text_condition.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace logctl::query {

struct Matcher::Test {
  Field field{};
  Op op{};
  std::int64_t number = 0;  // a time in microseconds, a sequence number, a severity
  std::optional<TextCondition> text;
  std::optional<PropertyCondition> property;
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
  for (const Filter& part : filter.parts) test.parts.push_back(compile(part));
  if (is_group(filter.op)) return test;
  if (!filter.path.empty()) {
    test.property.emplace(filter.op, filter.value, filter.path);
    return test;
  }
  if (is_text(filter.field)) test.text.emplace(filter.op, filter.value);
  if (!compares_value(filter.op)) return test;
  if (is_time(filter.field)) test.number = to_micros(*parse_rfc3339(filter.value));
  if (filter.field == Field::level) test.number = level_severity(*parse_level(filter.value));
  if (filter.field == Field::sequence_number) {
    std::from_chars(filter.value.data(), filter.value.data() + filter.value.size(), test.number);
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
      return test.property ? test.property->passes(record.properties) : column_passes(test, record);
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
  return test.text->passes(text);
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
