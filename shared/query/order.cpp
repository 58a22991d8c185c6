#include "shared/query/order.h"

#include "shared/query/match.h"

#include <compare>
#include <string_view>

namespace logctl::query {
namespace {

// Of the column alone, upwards.
std::strong_ordering compare(const LogRecord& a, const LogRecord& b, Field field) {
  switch (field) {
    case Field::timestamp:
      return to_micros(a.timestamp) <=> to_micros(b.timestamp);
    case Field::received_at:
      return to_micros(a.received_at) <=> to_micros(b.received_at);
    case Field::sequence_number:
      return a.sequence_number.value_or(0) <=> b.sequence_number.value_or(0);
    default:
      return field_text(a, field).compare(field_text(b, field)) <=> 0;
  }
}

bool is_absent(const LogRecord& record, Field field) {
  if (field == Field::timestamp || field == Field::received_at) return false;
  if (field == Field::sequence_number) return !record.sequence_number;
  return field_text(record, field).empty();
}

}  // namespace

bool comes_before(const LogRecord& a, const LogRecord& b, Field sort, Order order) {
  const bool a_absent = is_absent(a, sort);
  const bool b_absent = is_absent(b, sort);
  if (a_absent != b_absent) return b_absent;
  std::strong_ordering result = std::strong_ordering::equal;
  if (!a_absent) result = compare(a, b, sort);
  if (result == 0) result = compare(a, b, Field::timestamp);
  if (result == 0) result = compare(a, b, Field::event_id);
  return order == Order::descending ? result > 0 : result < 0;
}

}  // namespace logctl::query
