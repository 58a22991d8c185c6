#include "shared/storage/postgres/rows.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/storage/page_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <variant>

namespace logctl::storage::postgres {
namespace {

std::string_view text(const pqxx::field& field) { return {field.c_str(), field.size()}; }

// A timestamptz as text, in UTC and the ISO style, which the pool's connections have set:
// 2026-01-15 10:30:00.5+00
std::optional<Timestamp> read_timestamp(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  const auto time = parse_rfc3339(std::string(text(field)) + ":00");
  if (time) return time;
  throw Error(ErrorCode::storage,
              fmt::format("expected a time in column {}, found `{}`", field.name(), text(field)));
}

}  // namespace

std::int64_t read_integer(const pqxx::field& field) {
  const std::string_view digits = text(field);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) {
    throw Error(ErrorCode::storage, fmt::format("expected a whole number in column {}, found `{}`",
                                                field.name(), digits));
  }
  return value;
}

std::optional<Timestamp> read_time(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return from_micros(read_integer(field));
}

std::string time_text(Timestamp t) { return format_rfc3339(t); }

Value time_value(const std::optional<Timestamp>& t) {
  if (!t) return std::nullopt;
  return time_text(*t);
}

std::size_t read_records(const pqxx::result& rows, std::size_t most, Batch& batch) {
  const std::size_t room = most - std::min(most, batch.records.size());
  const std::size_t count = std::min(static_cast<std::size_t>(rows.size()), room);
  std::size_t i = 0;
  for (; i < count && batch.arena->allocated() < kMostPageBytes; ++i) {
    const pqxx::row row = rows[static_cast<pqxx::result::size_type>(i)];
    pqxx::row::size_type column = 0;
    const auto next_time = [&] { return read_timestamp(row[column++]); };
    const auto next_text = [&] { return batch.arena->copy(text(row[column++])); };

    LogRecord& record = batch.records.emplace_back();
    record.timestamp = next_time().value_or(Timestamp{});
    record.event_id = next_text();
    record.tenant = next_text();
    record.received_at = next_time().value_or(Timestamp{});
    record.service = next_text();
    record.level = parse_level(text(row[column++])).value_or(Level::none);
    record.message = next_text();
    record.event_type = next_text();
    record.event_name = next_text();
    record.user_id = next_text();
    record.session_id = next_text();
    record.app_version = next_text();
    record.host = next_text();
    record.trace_id = next_text();
    record.span_id = next_text();
    const pqxx::field sequence = row[column++];
    if (!sequence.is_null()) record.sequence_number = read_integer(sequence);
    record.priority = next_text();
    record.properties = next_text();
    record.device_info = next_text();
    record.processed_at = next_time();
    record.index = batch.received++;
  }
  return i;
}

bool lack_text(const pqxx::result& rows) {
  constexpr std::array<pqxx::row::size_type, 3> kTexts = {6, 17, 18};
  for (const auto& row : rows) {
    std::int64_t nulls = 0;
    for (const auto column : kTexts) nulls += row[column].is_null() ? 1 : 0;
    if (nulls != read_integer(row.back())) return true;
  }
  return false;
}

std::vector<Value> values_of(const query::Sql& sql) {
  std::vector<Value> values;
  for (const query::SqlValue& value : sql.values) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      values.emplace_back(std::to_string(*number));
    } else {
      values.emplace_back(std::get<std::string>(value));
    }
  }
  return values;
}

}  // namespace logctl::storage::postgres
