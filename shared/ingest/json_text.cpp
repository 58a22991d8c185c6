#include "shared/ingest/json_text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace logctl::ingest {
namespace {

constexpr std::size_t kExcerpt = 48;

// The value of four hexadecimal digits, or -1.
int hex4(std::string_view raw, std::size_t at) {
  if (at + 4 > raw.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const char c = raw[i];
    int digit;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return -1;
    }
    value = value * 16 + digit;
  }
  return value;
}

std::size_t put_utf8(std::uint32_t code, char* out) {
  if (code < 0x80) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<char>(0xC0 | (code >> 6));
    out[1] = static_cast<char>(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (code >> 12));
    out[1] = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (code >> 18));
  out[1] = static_cast<char>(0x80 | ((code >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((code >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (code & 0x3F));
  return 4;
}

char simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

template <bool kWrite>
Unescaped run_unescape(std::string_view raw, char* out, bool keep_nul) {
  Unescaped result;
  std::size_t pos = 0;
  while (pos < raw.size()) {
    const auto* found =
        static_cast<const char*>(std::memchr(raw.data() + pos, '\\', raw.size() - pos));
    const std::size_t plain =
        (found ? static_cast<std::size_t>(found - raw.data()) : raw.size()) - pos;
    if constexpr (kWrite) std::memcpy(out + result.size, raw.data() + pos, plain);
    result.size += plain;
    pos += plain;
    if (!found) break;
    result.fault_at = pos;
    const auto failed = [&](TextFault fault) {
      result.fault = fault;
      return result;
    };
    if (pos + 1 >= raw.size()) return failed(TextFault::bad_escape);
    if (raw[pos + 1] != 'u') {
      const char meant = simple_escape(raw[pos + 1]);
      if (meant == 0) return failed(TextFault::bad_escape);
      if constexpr (kWrite) out[result.size] = meant;
      ++result.size;
      pos += 2;
      continue;
    }
    const int first = hex4(raw, pos + 2);
    if (first < 0) return failed(TextFault::bad_escape);
    auto code = static_cast<std::uint32_t>(first);
    pos += 6;
    if (code == 0 && !keep_nul) return failed(TextFault::nul);
    if (code >= 0xDC00 && code <= 0xDFFF) return failed(TextFault::lone_surrogate);
    if (code >= 0xD800 && code <= 0xDBFF) {
      if (pos + 1 >= raw.size() || raw[pos] != '\\' || raw[pos + 1] != 'u') {
        return failed(TextFault::lone_surrogate);
      }
      const int second = hex4(raw, pos + 2);
      if (second < 0) {
        result.fault_at = pos;
        return failed(TextFault::bad_escape);
      }
      if (second < 0xDC00 || second > 0xDFFF) return failed(TextFault::lone_surrogate);
      code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<std::uint32_t>(second) - 0xDC00);
      pos += 6;
    }
    std::array<char, 4> bytes;
    const std::size_t n = put_utf8(code, bytes.data());
    if constexpr (kWrite) std::memcpy(out + result.size, bytes.data(), n);
    result.size += n;
  }
  result.fault_at = 0;
  return result;
}

// Length of the UTF-8 sequence at `p`, 0 when it is not one.
std::size_t sequence_length(const unsigned char* p, std::size_t left) {
  const auto continues = [&](std::size_t i, unsigned low, unsigned high) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) return continues(1, 0x80, 0xBF) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    const unsigned low = p[0] == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = p[0] == 0xED ? 0x9F : 0xBF;
    return continues(1, low, high) && continues(2, 0x80, 0xBF) ? 3 : 0;
  }
  if (p[0] >= 0xF0 && p[0] <= 0xF4) {
    const unsigned low = p[0] == 0xF0 ? 0x90 : 0x80;
    const unsigned high = p[0] == 0xF4 ? 0x8F : 0xBF;
    return continues(1, low, high) && continues(2, 0x80, 0xBF) && continues(3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

Unescaped unescape(std::string_view raw, char* out, bool keep_nul) {
  return run_unescape<true>(raw, out, keep_nul);
}

Unescaped check_escapes(std::string_view raw) { return run_unescape<false>(raw, nullptr, false); }

std::string text_fault_message(const Unescaped& fault, std::string_view raw) {
  const std::string_view from = raw.substr(fault.fault_at);
  if (fault.fault == TextFault::nul) {
    return fmt::format("found {}, NUL cannot be stored", quoted(from));
  }
  return fmt::format(
      "found {}, half of a surrogate pair; a pair such as \\ud83d\\ude00 is expected",
      quoted(from));
}

namespace {

constexpr std::int64_t kNumericBefore = 131072;
constexpr std::int64_t kNumericAfter = 16383;
constexpr std::int64_t kMostWrittenOut = 400;  // more than any double has

// Whether it has so many digits at most, once the exponent is applied.
bool has_digits(std::string_view number, std::int64_t most_before, std::int64_t most_after) {
  constexpr std::int64_t kExponent = 1073741822;  // beyond it PostgreSQL refuses even zero
  const std::size_t e = number.find_first_of("eE");
  std::int64_t exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view digits = number.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec != std::errc() || exponent > kExponent || exponent < -kExponent) return false;
    number = number.substr(0, e);
  }
  if (number.starts_with('-')) number.remove_prefix(1);
  const std::size_t point = std::min(number.find('.'), number.size());
  const auto fraction =
      static_cast<std::int64_t>(point == number.size() ? 0 : number.size() - point - 1);
  if (fraction - exponent > most_after) return false;
  const std::size_t first = number.find_first_not_of("0.");
  if (first == std::string_view::npos) return true;
  // Position of the first digit that counts, to the left of the point.
  const auto before = first < point
                          ? static_cast<std::int64_t>(point - first)
                          : static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + 1;
  return before + exponent <= most_before;
}

}  // namespace

bool fits_numeric(std::string_view number) {
  return has_digits(number, kNumericBefore, kNumericAfter);
}

bool fits_jsonb(std::string_view number) {
  const bool exponent = number.find_first_of("eE") != std::string_view::npos;
  return exponent ? has_digits(number, kMostWrittenOut, kMostWrittenOut) : fits_numeric(number);
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::size_t first_invalid_utf8(std::string_view text) {
  std::size_t pos = 0;
  while (pos < text.size()) {
    const std::size_t n = sequence_length(reinterpret_cast<const unsigned char*>(text.data()) + pos,
                                          text.size() - pos);
    if (n == 0) break;
    pos += n;
  }
  return pos;
}

std::string excerpt(std::string_view raw) {
  const std::string_view head = raw.substr(0, kExcerpt);
  const std::size_t valid = first_invalid_utf8(head);
  std::string out;
  for (const char c : head.substr(0, valid)) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += is_space(c) ? std::string(" ") : fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out.push_back(c);
    }
  }
  if (valid == 0 && !head.empty()) {
    return fmt::format("byte 0x{:02x}", static_cast<unsigned char>(head[0]));
  }
  if (valid < raw.size()) out += "...";
  return out;
}

std::string quoted(std::string_view text) { return '"' + excerpt(text) + '"'; }

std::string syntax_message(std::string_view text, std::size_t at, std::string_view expected,
                           std::size_t distance) {
  std::string found = "the end";
  if (at < text.size()) {
    const char c = text[at];
    found = c > ' ' && c <= '~' ? fmt::format("'{}'", c)
                                : fmt::format("0x{:02x}", static_cast<unsigned char>(c));
  }
  return fmt::format("byte {}: found {}, expected {}", distance + at, found, expected);
}

LexicalFault find_lexical_fault(std::string_view text) {
  bool in_string = false;
  std::size_t opened = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!in_string) {
      if (c == '\\') return {i, "no backslash outside of a string"};
      if (c == '"') {
        in_string = true;
        opened = i;
      }
    } else if (c == '\\') {
      // The escaped byte is a control character's business only when it is one.
      if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0x20) ++i;
    } else if (c == '"') {
      in_string = false;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      return {i, "no bare control character in a string (escape it)"};
    }
  }
  if (in_string) return {opened, "a closing quote for this string"};
  return {text.size(), "valid JSON"};
}

}  // namespace logctl::ingest
