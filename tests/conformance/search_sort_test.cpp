// The order of other columns than time.
#include "tests/conformance/search_world.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

using namespace logctl;
using namespace logctl::test;
using query::Field;
using query::Filter;
using query::Op;

namespace {

// What a field sorts by: absent values last, text in the order of bytes.
std::pair<std::int64_t, std::string> sort_value(const LogRecord& r, Field field, bool& absent) {
  absent = false;
  const auto text = [&](std::string_view value) {
    absent = value.empty();
    return std::pair<std::int64_t, std::string>(0, value);
  };
  switch (field) {
    case Field::timestamp:
      return {to_micros(r.timestamp), ""};
    case Field::received_at:
      return {to_micros(r.received_at), ""};
    case Field::sequence_number:
      absent = !r.sequence_number.has_value();
      return {r.sequence_number.value_or(0), ""};
    case Field::event_id:
      return text(r.event_id);
    case Field::service:
      return text(r.service);
    case Field::level:
      return text(level_name(r.level));
    case Field::message:
      return text(r.message);
    case Field::event_type:
      return text(r.event_type);
    case Field::event_name:
      return text(r.event_name);
    case Field::user_id:
      return text(r.user_id);
    case Field::session_id:
      return text(r.session_id);
    case Field::app_version:
      return text(r.app_version);
    case Field::host:
      return text(r.host);
    case Field::trace_id:
      return text(r.trace_id);
    case Field::span_id:
      return text(r.span_id);
    case Field::priority:
      return text(r.priority);
  }
  return {};
}

Ids sorted_by(const Rows& rows, Field field, Order order) {
  std::vector<const LogRecord*> records = rows.pointers();
  const bool down = order == Order::descending;
  std::sort(records.begin(), records.end(), [&](const LogRecord* x, const LogRecord* y) {
    bool x_absent = false;
    bool y_absent = false;
    const auto a = sort_value(*x, field, x_absent);
    const auto b = sort_value(*y, field, y_absent);
    if (x_absent != y_absent) return y_absent;
    if (!x_absent && a != b) return down ? b < a : a < b;
    const auto tie_x = std::tie(x->timestamp, x->event_id);
    const auto tie_y = std::tie(y->timestamp, y->event_id);
    return down ? tie_y < tie_x : tie_x < tie_y;
  });
  Ids result;
  for (const LogRecord* record : records) result.emplace_back(record->event_id);
  return result;
}

}  // namespace

TEST_CASE("search: rows can be sorted by every field over all days", "[search]") {
  World world;
  Rows rows;
  const std::vector<std::string_view> words = {"b", "", "Z", "a", "é", "aa", "", "10", "9"};
  for (std::size_t i = 0; i < 40; ++i) {
    const Timestamp time = kNoon + std::chrono::hours(5 * static_cast<int>(i * 7 % 40));
    LogRecord& record = rows.add(time, "id" + std::to_string(i));
    record.received_at = kNoon + seconds(static_cast<int>(i * 11 % 17));
    const auto word = [&](std::size_t salt) { return words[(i * 3 + salt) % words.size()]; };
    record.service = word(0);
    record.level = static_cast<Level>(i % 10);
    record.message = word(1);
    record.event_type = word(2);
    record.event_name = word(3);
    record.user_id = word(4);
    record.session_id = word(5);
    record.app_version = word(6);
    record.host = word(7);
    record.trace_id = word(8);
    record.span_id = word(9);
    if (i % 4 != 0) record.sequence_number = static_cast<std::int64_t>(i * 13 % 11) - 5;
    record.priority = i % 3 == 0 ? "high" : "normal";
  }
  world.append(rows);
  for (int field = 0; field <= static_cast<int>(Field::priority); ++field) {
    for (const Order order : {Order::ascending, Order::descending}) {
      Query query = query_of(order);
      query.sort = static_cast<Field>(field);
      INFO(query::field_name(query.sort) << (order == Order::ascending ? " up" : " down"));
      const Ids expected = sorted_by(rows, query.sort, order);
      CHECK(ids(world.logs().search(query).batch) == expected);

      Ids paged;
      query.limit = 7;
      for (; query.offset < 42; query.offset += query.limit) {
        for (std::string& id : ids(world.logs().search(query).batch)) paged.push_back(id);
      }
      CHECK(paged == expected);
    }
  }
}
