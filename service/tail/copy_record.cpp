#include "service/tail/copy_record.h"

#include <array>

namespace logctl::tail {

LogRecord copy_record(const LogRecord& record, Arena& arena) {
  using Text = std::string_view LogRecord::*;
  static constexpr std::array<Text, 15> kTexts = {
      &LogRecord::event_id, &LogRecord::tenant,     &LogRecord::service,
      &LogRecord::message,  &LogRecord::event_type, &LogRecord::event_name,
      &LogRecord::user_id,  &LogRecord::session_id, &LogRecord::app_version,
      &LogRecord::host,     &LogRecord::trace_id,   &LogRecord::span_id,
      &LogRecord::priority, &LogRecord::properties, &LogRecord::device_info,
  };
  LogRecord copy = record;
  for (const Text text : kTexts) {
    if (!(copy.*text).empty()) copy.*text = arena.copy(copy.*text);
  }
  return copy;
}

}  // namespace logctl::tail
