#include "shared/metrics/log_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace logctl::metrics {
namespace {

// The length of the UTF-8 character at the start of `text` (not empty), or 0 when there is none.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_large = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : size;
}

// The code point of a valid character, as far as it matters here: two- and three-byte ones.
unsigned code_point(std::string_view character) {
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(character[i]) & 0x3FU; };
  switch (character.size()) {
    case 1:
      return static_cast<unsigned char>(character[0]);
    case 2:
      return ((static_cast<unsigned char>(character[0]) & 0x1FU) << 6U) | bits(1);
    case 3:
      return ((static_cast<unsigned char>(character[0]) & 0x0FU) << 12U) | (bits(1) << 6U) |
             bits(2);
    default:
      return 0x10000;
  }
}

// Control characters of both sets, the two line separators, and the marks that reverse the reading
// direction: with those a line can be made to look like another.
bool is_unsafe(unsigned code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069);
}

// Plain ASCII that needs neither quotes nor escapes: the fast path of both formats.
bool is_plain(std::string_view value) {
  for (const char c : value) {
    if (c <= ' ' || c >= 0x7F || c == '"' || c == '\\' || c == '=') return false;
  }
  return !value.empty();
}

}  // namespace

void append_console_value(std::string& out, std::string_view value) {
  if (is_plain(value)) {
    out += value;
    return;
  }
  out += '"';
  while (!value.empty()) {
    const std::size_t size = character_size(value);
    const std::string_view character = value.substr(0, size == 0 ? 1 : size);
    value.remove_prefix(character.size());
    const unsigned code = size == 0 ? 0 : code_point(character);
    if (size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<unsigned char>(character[0]));
    } else if (code == '\n') {
      out += "\\n";
    } else if (code == '"' || code == '\\') {
      out += '\\';
      out += character;
    } else if (is_unsafe(code) && code < 0x100) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", code);
    } else if (is_unsafe(code)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    } else {
      out += character;
    }
  }
  out += '"';
}

void append_json_value(std::string& out, std::string_view value) {
  out += '"';
  if (is_plain(value)) {
    out += value;
    value = {};
  }
  while (!value.empty()) {
    const std::size_t size = character_size(value);
    const std::string_view character = value.substr(0, size == 0 ? 1 : size);
    value.remove_prefix(character.size());
    const unsigned code = size == 0 ? 0xFFFD : code_point(character);
    if (code == '"' || code == '\\') {
      out += '\\';
      out += character;
    } else if (size == 0 || is_unsafe(code)) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    } else {
      out += character;
    }
  }
  out += '"';
}

LogLine::LogLine(LogFormat format, std::string_view what) : format_(format) {
  text_.reserve(384);
  if (format_ == LogFormat::json) {
    text_ += "\"what\":";
    append_json_value(text_, what);
  } else {
    text_ += what;
  }
}

void LogLine::begin(std::string_view name) {
  if (format_ == LogFormat::json) {
    text_ += ",\"";
    text_ += name;
    text_ += "\":";
  } else {
    text_ += ' ';
    text_ += name;
    text_ += '=';
  }
}

LogLine& LogLine::field(std::string_view name, std::string_view value) {
  begin(name);
  if (format_ == LogFormat::json) {
    append_json_value(text_, value);
  } else {
    append_console_value(text_, value);
  }
  return *this;
}

LogLine& LogLine::optional_field(std::string_view name, std::string_view value) {
  return value.empty() ? *this : field(name, value);
}

LogLine& LogLine::number(std::string_view name, std::uint64_t value) {
  begin(name);
  const fmt::format_int digits(value);
  text_.append(digits.data(), digits.size());
  return *this;
}

LogLine& LogLine::milliseconds(std::string_view name, microseconds value) {
  const auto whole = static_cast<std::uint64_t>(std::max<microseconds::rep>(0, value.count()));
  number(name, whole / 1000);
  text_ += '.';
  text_ += static_cast<char>('0' + whole / 100 % 10);
  text_ += static_cast<char>('0' + whole / 10 % 10);
  text_ += static_cast<char>('0' + whole % 10);
  return *this;
}

}  // namespace logctl::metrics
