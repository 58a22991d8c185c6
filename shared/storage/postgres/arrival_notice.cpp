#include "shared/storage/postgres/arrival_notice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <utility>

namespace logctl::storage::postgres {
namespace {

// A server takes no payload of 8000 bytes or more.
constexpr std::size_t kMostPayload = 7900;

struct Bounds {
  Timestamp since = Timestamp::max();
  Timestamp until = Timestamp::min();
  Timestamp received_since = Timestamp::max();
  std::uint64_t rows = 0;
};

}  // namespace

std::string announce(Connection& connection, std::string_view source, std::span<Row* const> rows) {
  std::map<std::pair<std::string_view, std::chrono::sys_days>, Bounds> groups;
  for (const Row* row : rows) {
    if (row->outcome != Outcome::stored) continue;
    const LogRecord& record = *row->record;
    const auto day = std::chrono::floor<std::chrono::days>(record.timestamp);
    Bounds& bounds = groups[{stored_tenant(record), day}];
    bounds.since = std::min(bounds.since, record.timestamp);
    bounds.until = std::max(bounds.until, record.timestamp);
    bounds.received_since = std::min(bounds.received_since, record.received_at);
    ++bounds.rows;
  }
  std::string sql;
  for (const auto& [key, bounds] : groups) {
    const std::string text =
        fmt::format("{} {} {} {} {} {}", bounds.rows, to_micros(bounds.since),
                    to_micros(bounds.until), to_micros(bounds.received_since), source, key.first);
    if (text.size() > kMostPayload) continue;
    sql += fmt::format("NOTIFY {}, {};", kArrivalChannel, connection.quote(text));
  }
  return sql;
}

std::optional<Arrival> parse_notice(std::string_view text) {
  std::array<std::int64_t, 4> numbers{};
  for (std::int64_t& number : numbers) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop == end || *stop != ' ') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
  }
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || numbers[0] < 1) return std::nullopt;
  Arrival arrival;
  arrival.rows = static_cast<std::uint64_t>(numbers[0]);
  arrival.since = from_micros(numbers[1]);
  arrival.until = from_micros(numbers[2]);
  arrival.received_since = from_micros(numbers[3]);
  arrival.source = text.substr(0, space);
  arrival.tenant = text.substr(space + 1);
  return arrival;
}

}  // namespace logctl::storage::postgres
