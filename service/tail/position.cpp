#include "service/tail/position.h"

#include "shared/query/query.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace logctl::tail {

std::string format_position(const LogRecord& record) {
  return fmt::format("{:x}.{}", to_micros(record.received_at),
                     format_record_id(record.timestamp, record.event_id));
}

std::optional<Position> parse_position(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  std::int64_t received = 0;
  const char* end = text.data() + dot;
  const auto [stop, error] = std::from_chars(text.data(), end, received, 16);
  if (error != std::errc() || stop != end || received < 0) return std::nullopt;
  std::optional<query::Cursor> record = query::parse_cursor(text.substr(dot + 1));
  // The same bounds as for the time of a record.
  if (!record || !query::parse_cursor(format_record_id(from_micros(received), "x"))) {
    return std::nullopt;
  }
  return Position{from_micros(received), record->timestamp, std::move(record->event_id)};
}

}  // namespace logctl::tail
