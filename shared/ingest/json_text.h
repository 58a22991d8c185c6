// The words of JSON: strings with escapes, numbers, UTF-8, and how a piece of input is quoted in a
// message. Pure functions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::ingest {

constexpr std::array<bool, 256> make_delimiters() {
  std::array<bool, 256> table{};
  for (const unsigned char c : std::string_view(" \t\r\n,:[]{}")) table[c] = true;
  return table;
}
inline constexpr std::array<bool, 256> kDelimiters = make_delimiters();

inline bool is_delimiter(char c) { return kDelimiters[static_cast<unsigned char>(c)]; }
inline bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

enum class TextFault : std::uint8_t { none, bad_escape, nul, lone_surrogate };

struct Unescaped {
  TextFault fault = TextFault::none;
  std::size_t fault_at = 0;  // offset of the backslash in the raw text
  std::size_t size = 0;      // bytes written
};

// Writes the text that `raw` (what stands between the quotes) means to `out`, which has room for
// raw.size() bytes. With `keep_nul`, \u0000 is text like any other.
Unescaped unescape(std::string_view raw, char* out, bool keep_nul = false);
// The same without writing.
Unescaped check_escapes(std::string_view raw);

// The message for text that JSON allows and no store takes.
std::string text_fault_message(const Unescaped& fault, std::string_view raw);

// The end of the number that starts at `p`, or null when the grammar of JSON does not allow it.
// `p` must be followed by a byte that cannot be part of a number.
inline const char* scan_number(const char* p, bool& has_exponent) {
  has_exponent = false;
  if (*p == '-') ++p;
  if (*p == '0') {
    ++p;
  } else {
    if (!is_digit(*p)) return nullptr;
    while (is_digit(*p)) ++p;
  }
  if (*p == '.') {
    if (!is_digit(*++p)) return nullptr;
    while (is_digit(*p)) ++p;
  }
  if (*p == 'e' || *p == 'E') {
    has_exponent = true;
    ++p;
    if (*p == '+' || *p == '-') ++p;
    if (!is_digit(*p)) return nullptr;
    while (is_digit(*p)) ++p;
  }
  return p;
}

// Numbers of this many bytes without an exponent need no look at PostgreSQL's limits.
inline constexpr std::size_t kPlainNumber = 1000;
// True when PostgreSQL's numeric takes this JSON number.
bool fits_numeric(std::string_view number);
inline constexpr std::string_view kNumericLimits =
    "allowed are at most 131072 digits before the point and 16383 after it";
// True when it also gives back no more than 400 digits for an exponent: jsonb writes them out, so
// that eight bytes could become 131072, and a small record too much to read.
bool fits_jsonb(std::string_view number);
inline constexpr std::string_view kJsonbLimits =
    "allowed are at most 131072 digits before the point and 16383 after it, of a number with an "
    "exponent 400 each once it is written out";

bool is_utf8(std::string_view text);
// Offset of the first byte that is not UTF-8; text.size() when all is well.
std::size_t first_invalid_utf8(std::string_view text);

// A piece of input for a message: at most 48 bytes, cut with "...", always valid UTF-8.
std::string excerpt(std::string_view raw);
// The same in quotes, for text that has none.
std::string quoted(std::string_view text);

// `byte 17: found 'x', expected ...` for what stands at `at` of `text`, which begins `distance`
// bytes behind the start of what the user sees.
std::string syntax_message(std::string_view text, std::size_t at, std::string_view expected,
                           std::size_t distance = 0);

// Where a text stops being JSON although its strings are looked at only: an unclosed string, a
// control character in one, a backslash outside of them.
struct LexicalFault {
  std::size_t offset = 0;
  std::string_view expected;
};
LexicalFault find_lexical_fault(std::string_view text);

}  // namespace logctl::ingest
