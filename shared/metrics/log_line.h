// The fields of one log line, as text for people (`name=value`) or as members of a JSON object.
//
// Values come from outside: whatever they hold, the line stays one line, a terminal obeys none of
// it, and JSON stays valid. Bytes that are not UTF-8 are replaced or escaped.
#pragma once

#include "shared/base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::metrics {

enum class LogFormat : std::uint8_t { console, json };

class LogLine {
 public:
  // `what` is one of our own stable words.
  LogLine(LogFormat format, std::string_view what);

  LogLine& field(std::string_view name, std::string_view value);
  // Leaves empty values out.
  LogLine& optional_field(std::string_view name, std::string_view value);
  LogLine& number(std::string_view name, std::uint64_t value);
  LogLine& milliseconds(std::string_view name, microseconds value);  // with three decimals

  const std::string& text() const { return text_; }

 private:
  void begin(std::string_view name);

  LogFormat format_;
  std::string text_;
};

// Appends `value`, in quotes when it holds more than plain characters.
void append_console_value(std::string& out, std::string_view value);
// Appends `value` as a JSON string.
void append_json_value(std::string& out, std::string_view value);

}  // namespace logctl::metrics
