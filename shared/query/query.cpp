#include "shared/query/query.h"

#include "shared/base/ascii.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/query/path.h"
#include "shared/query/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace logctl::query {
namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 16> kFieldNames = {
    "timestamp",  "event_id",   "received_at",     "service",    "level",       "message",
    "event_type", "event_name", "user_id",         "session_id", "app_version", "host",
    "trace_id",   "span_id",    "sequence_number", "priority",
};

struct OtherName {
  std::string_view name;
  Field field;
};
constexpr std::array kOtherNames = {
    OtherName{"@timestamp", Field::timestamp}, OtherName{"time", Field::timestamp},
    OtherName{"ts", Field::timestamp},         OtherName{"received", Field::received_at},
    OtherName{"app", Field::service},          OtherName{"logger", Field::service},
    OtherName{"severity", Field::level},       OtherName{"lvl", Field::level},
    OtherName{"msg", Field::message},          OtherName{"text", Field::message},
    OtherName{"type", Field::event_type},      OtherName{"event", Field::event_name},
    OtherName{"user", Field::user_id},         OtherName{"session", Field::session_id},
    OtherName{"version", Field::app_version},  OtherName{"hostname", Field::host},
    OtherName{"trace", Field::trace_id},       OtherName{"span", Field::span_id},
    OtherName{"seq", Field::sequence_number},
};

constexpr std::size_t kMaxEventIdBytes = 255;
// Years 1 to 9999: what both stores and RFC 3339 can express.
constexpr Timestamp kEarliest = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Timestamp kEnd = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

}  // namespace

std::string_view field_name(Field field) { return kFieldNames[static_cast<std::size_t>(field)]; }

std::span<const std::string_view> field_names() { return kFieldNames; }

std::optional<Field> parse_field(std::string_view name) {
  for (std::size_t i = 0; i < kFieldNames.size(); ++i) {
    if (kFieldNames[i] == name) return static_cast<Field>(i);
  }
  if (name == "created_at") return Field::received_at;
  return std::nullopt;
}

std::string place_name(Field field, std::span<const std::string> path) {
  return path.empty() ? std::string(field_name(field)) : property_name(path);
}

std::string likely_field(std::string_view written, std::span<const std::string_view> more) {
  const std::string name = lower_case(written);
  const auto* meant = std::ranges::find(kOtherNames, name, &OtherName::name);
  if (meant != kOtherNames.end()) return std::string(field_name(meant->field));
  const std::size_t dot = name.find('.');
  if (dot != std::string::npos && dot + 1 < name.size()) {
    constexpr std::array kHolders = {kProperties, std::string_view("attributes"),
                                     std::string_view("metadata")};
    const bool held = !nearest_name(name.substr(0, dot), kHolders).empty();
    const std::string place = std::string(kProperties) + std::string(written.substr(dot));
    return held && place != written ? place : std::string();
  }
  std::vector<std::string_view> names(kFieldNames.begin(), kFieldNames.end());
  names.insert(names.end(), more.begin(), more.end());
  return std::string(nearest_name(name, names));
}

void bind(Query& query, const View& view) {
  query.tenant = view.tenant;
  // All filters must hold, so that nothing a question says can take these away.
  query.filters.insert(query.filters.end(), view.only.begin(), view.only.end());
}

Query question_for(const View& view, const RecordKey& key) {
  Query query;
  query.limit = 1;
  query.filters.push_back({Field::timestamp, Op::equal, format_rfc3339(key.timestamp), {}});
  query.filters.push_back({Field::event_id, Op::equal, key.event_id, {}});
  bind(query, view);
  return query;
}

// The public record id holds exactly what a position needs.
std::string format_cursor(const Cursor& cursor) {
  return format_record_id(cursor.timestamp, cursor.event_id);
}

std::optional<Cursor> parse_cursor(std::string_view text) {
  std::optional<RecordKey> key = parse_record_id(text);
  if (!key || key->event_id.size() > kMaxEventIdBytes || !is_storable_text(key->event_id) ||
      key->timestamp < kEarliest || key->timestamp >= kEnd) {
    return std::nullopt;
  }
  return Cursor{key->timestamp, std::move(key->event_id)};
}

}  // namespace logctl::query
