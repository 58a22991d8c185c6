// A question to the log store, as a value. Parsers make it, storage answers it; it knows neither
// SQL nor HTTP.
#pragma once

#include "shared/base/clock.h"
#include "shared/record/record.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace logctl::query {

// Columns that can be compared and sorted by.
enum class Field : std::uint8_t {
  timestamp,
  event_id,
  received_at,
  service,
  level,
  message,
  event_type,
  event_name,
  user_id,
  session_id,
  app_version,
  host,
  trace_id,
  span_id,
  sequence_number,
  priority,
};
// The column's name in the store, in JSON and in parameters.
std::string_view field_name(Field field);
// By name; also takes Change66's `created_at` (received_at).
std::optional<Field> parse_field(std::string_view name);
// Every field's name.
std::span<const std::string_view> field_names();
// Of the column, or with a path of the property: `service`, `properties.geo."postal code"`.
std::string place_name(Field field, std::span<const std::string> path);
// What was probably meant by a name that is none: what other systems call the field (`msg`), the
// nearest name or one of `more`, a place inside properties; else empty.
std::string likely_field(std::string_view name, std::span<const std::string_view> more = {});

enum class Op : std::uint8_t {
  // One comparison. With a `path` of a property, else of `field`.
  equal,     // level by severity, a property as text
  contains,  // text only, ASCII letters in either case
  like,      // text only: `*` is any text, `\` takes the meaning from the next character
  matches,   // text only: a regular expression (regex.h), found anywhere in it
  less,      // these four: times, numbers, the severity of a level, properties that are numbers
  at_most,
  more,
  at_least,
  exists,
  // Several, in `parts`.
  any_of,
  all_of,
  none_of,  // true as well where a part is about something that the record does not have
};

struct Filter {
  Field field{};
  Op op = Op::equal;
  std::string value;
  std::vector<std::string> path;  // object keys inside properties, from the outside in
  std::vector<Filter> parts = {};

  bool operator==(const Filter&) const = default;
};

enum class Order : std::uint8_t { descending, ascending };

// A position in keyset order (timestamp, event_id): everything up to and including it was already
// seen.
struct Cursor {
  Timestamp timestamp{};
  std::string event_id;
};
std::string format_cursor(const Cursor& cursor);
std::optional<Cursor> parse_cursor(std::string_view text);

// Whose rows a question may touch: those of one tenant, and of these only what passes all of
// `only`. Comes from the asker's key, never from the question.
struct View {
  View() = default;
  View(std::string_view owner) : tenant(owner) {}
  View(const char* owner) : tenant(owner) {}
  View(std::string_view owner, std::vector<Filter> bound) : tenant(owner), only(std::move(bound)) {}

  std::string tenant = "default";
  std::vector<Filter> only;
};

struct Query {
  std::string tenant = "default";
  std::optional<Timestamp> since;  // inclusive, on timestamp
  std::optional<Timestamp> until;  // exclusive, on timestamp
  std::vector<Filter> filters;     // all must hold
  Field sort =
      Field::timestamp;  // ties are broken by timestamp and event_id, in the same direction
  Order order = Order::descending;
  std::uint32_t limit = 50;
  std::uint64_t offset = 0;
  std::optional<Cursor> after;  // keyset paging; only with sort == timestamp, excludes offset
};

// Binds the question to the view: whatever else it asks for, it finds nothing outside.
void bind(Query& query, const View& view);
// The question for one record, bound to the view.
Query question_for(const View& view, const RecordKey& key);

}  // namespace logctl::query
