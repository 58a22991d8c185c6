// The names of a record's fields in JSON.
#pragma once

#include <cstdint>
#include <string_view>

namespace logctl::ingest {

enum class Field : std::uint8_t {
  // Plain texts first: they index a table of members and limits.
  service,
  message,
  event_id,
  event_type,
  event_name,
  user_id,
  session_id,
  app_version,
  host,
  trace_id,
  span_id,
  level,
  priority,
  timestamp,
  sequence_number,
  properties,
  metadata,
  attributes,
  device_info,
  unknown,
};

inline Field field_of(std::string_view key) {
  switch (key.size()) {
    case 4:
      if (key == "host") return Field::host;
      break;
    case 5:
      if (key == "level") return Field::level;
      break;
    case 7:
      if (key == "message") return Field::message;
      if (key == "service") return Field::service;
      if (key == "user_id") return Field::user_id;
      if (key == "span_id") return Field::span_id;
      break;
    case 8:
      if (key == "event_id") return Field::event_id;
      if (key == "trace_id") return Field::trace_id;
      if (key == "priority") return Field::priority;
      if (key == "metadata") return Field::metadata;
      break;
    case 9:
      if (key == "timestamp") return Field::timestamp;
      break;
    case 10:
      if (key == "event_type") return Field::event_type;
      if (key == "event_name") return Field::event_name;
      if (key == "session_id") return Field::session_id;
      if (key == "properties") return Field::properties;
      if (key == "attributes") return Field::attributes;
      break;
    case 11:
      if (key == "app_version") return Field::app_version;
      if (key == "device_info") return Field::device_info;
      break;
    case 15:
      if (key == "sequence_number") return Field::sequence_number;
      break;
    default:
      break;
  }
  return Field::unknown;
}

}  // namespace logctl::ingest
