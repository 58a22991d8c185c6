#include "cli/wire_record.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"

#include <simdjson.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace logctl::cli {
namespace {

namespace ondemand = simdjson::ondemand;

using Text = std::string_view LogRecord::*;
constexpr std::array<std::pair<std::string_view, Text>, 13> kTexts = {{
    {"event_id", &LogRecord::event_id},
    {"event_type", &LogRecord::event_type},
    {"event_name", &LogRecord::event_name},
    {"user_id", &LogRecord::user_id},
    {"session_id", &LogRecord::session_id},
    {"app_version", &LogRecord::app_version},
    {"priority", &LogRecord::priority},
    {"service", &LogRecord::service},
    {"message", &LogRecord::message},
    {"host", &LogRecord::host},
    {"trace_id", &LogRecord::trace_id},
    {"span_id", &LogRecord::span_id},
    {"tenant", &LogRecord::tenant},
}};

Error no_record(std::string_view text) {
  return Error(ErrorCode::unavailable,
               "the answer holds a line that is no record: " + std::string(text.substr(0, 200)),
               "is it the address of a logctl daemon?");
}

// Throws simdjson's error.
void read_member(std::string_view name, ondemand::value value, LogRecord& record, Arena& arena) {
  if (name == "properties" || name == "device_info") {
    ondemand::object object = value.get_object();
    const std::string_view json = object.raw_json();
    if (json == "{}") return;
    (name == "properties" ? record.properties : record.device_info) = arena.copy(json);
    return;
  }
  if (value.is_null()) return;
  if (name == "sequence_number") {
    record.sequence_number = value.get_int64();
    return;
  }
  for (const auto& [known, member] : kTexts) {
    if (name == known) record.*member = arena.copy(value.get_string());
  }
  if (name == "level") record.level = parse_level(value.get_string()).value_or(Level::none);
  const auto time = [&value] { return parse_rfc3339(std::string_view(value.get_string())); };
  if (name == "timestamp") record.timestamp = time().value_or(Timestamp());
  if (name == "created_at") record.received_at = time().value_or(Timestamp());
  if (name == "processed_at") record.processed_at = time();
}

}  // namespace

void each_wire_record(std::string_view object, std::string_view name,
                      const std::function<void(std::string_view)>& take) {
  ondemand::parser parser;
  const simdjson::padded_string padded(object);
  std::vector<std::string> records;
  try {
    ondemand::document document = parser.iterate(padded);
    for (ondemand::object record : document[name].get_array()) {
      const std::string_view json = record.raw_json();
      records.emplace_back(json);
    }
  } catch (const simdjson::simdjson_error&) {
    throw no_record(object);
  }
  for (const std::string& record : records) take(record);
}

LogRecord read_wire_record(std::string_view line, Arena& arena) {
  static thread_local ondemand::parser parser;
  const simdjson::padded_string padded(line);
  LogRecord record;
  record.priority = {};
  record.tenant = {};
  try {
    ondemand::document document = parser.iterate(padded);
    for (ondemand::field field : document.get_object()) {
      const std::string_view name = field.unescaped_key();
      read_member(name, field.value(), record, arena);
    }
  } catch (const simdjson::simdjson_error&) {
    throw no_record(line);
  }
  return record;
}

}  // namespace logctl::cli
