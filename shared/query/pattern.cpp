#include "shared/query/pattern.h"

#include <algorithm>
#include <cstddef>

namespace logctl::query {
namespace {

constexpr std::size_t kLeastHex = 8;  // fewer may be a word

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
// A byte of a word; those beyond ASCII are parts of letters.
bool is_word(char c) {
  return is_digit(c) || is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

template <typename Is>
std::size_t run(std::string_view text, Is is) {
  std::size_t size = 0;
  while (size < text.size() && is(text[size])) ++size;
  return size;
}

// Each gives the length of its kind at the start of the text, or 0.

std::size_t uuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() < kShape.size()) return 0;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'x' ? !is_hex(text[i]) : text[i] != '-') return 0;
  }
  return kShape.size();
}

std::size_t ipv4(std::string_view text) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != '.')) return 0;
    const std::size_t digits = run(text.substr(std::min(at, text.size())), is_digit);
    if (digits == 0 || digits > 3) return 0;
    at += digits;
  }
  return at < text.size() && text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]) ? 0
                                                                                               : at;
}

// Groups of hexadecimal digits between colons: seven colons, or two of them side by side and a
// digit somewhere, which names of programs rarely have.
std::size_t ipv6(std::string_view text) {
  const std::size_t size = run(text, [](char c) { return is_hex(c) || c == ':'; });
  const std::string_view address = text.substr(0, size);
  const auto colons = std::count(address.begin(), address.end(), ':');
  const bool short_form = colons >= 2 && address.find("::") != std::string_view::npos &&
                          std::any_of(address.begin(), address.end(), is_digit);
  return colons == 7 || short_form ? size : 0;
}

// 2026-01-15T10:30:00.123Z, with a blank in the place of the T, with or without a zone; 10:30:00.
std::size_t time(std::string_view text) {
  const auto shaped = [&text](std::size_t at, std::string_view shape) {
    if (text.size() < at + shape.size()) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
      if (shape[i] == '0' ? !is_digit(text[at + i]) : text[at + i] != shape[i]) return false;
    }
    return true;
  };
  std::size_t at = 0;
  if (shaped(0, "0000-00-00")) {
    at = 10;
    const bool clock =
        at < text.size() && (text[at] == 'T' || text[at] == ' ') && shaped(at + 1, "00:00:00");
    if (!clock) return at;
    at += 9;
  } else if (shaped(0, "00:00:00")) {
    at = 8;
  } else {
    return 0;
  }
  if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && is_digit(text[at + 1])) {
    at += 1 + run(text.substr(at + 1), is_digit);
  }
  if (at < text.size() && text[at] == 'Z') return at + 1;
  const bool zone = shaped(at, "+00:00") || shaped(at, "-00:00");
  return zone ? at + 6 : at;
}

// 0x7f3a, or eight hexadecimal digits and more with a digit among them, as a whole word.
std::size_t hex(std::string_view text) {
  const bool marked = text.starts_with("0x") || text.starts_with("0X");
  const std::size_t begin = marked ? 2 : 0;
  const std::size_t size = run(text.substr(begin), is_hex);
  const std::string_view digits = text.substr(begin, size);
  if (begin + size < text.size() && is_word(text[begin + size])) return 0;
  if (marked) return size > 0 ? begin + size : 0;
  if (size < kLeastHex || std::none_of(digits.begin(), digits.end(), is_digit)) return 0;
  return std::all_of(digits.begin(), digits.end(), is_digit) ? 0 : size;
}

std::size_t number(std::string_view text) {
  const std::size_t whole = run(text, is_digit);
  if (whole == 0) return 0;
  std::size_t size = whole;
  while (size + 1 < text.size() && (text[size] == '.' || text[size] == ',') &&
         is_digit(text[size + 1])) {
    size += 1 + run(text.substr(size + 1), is_digit);
  }
  return size;
}

struct Kind {
  std::size_t (*size)(std::string_view text);
  std::string_view mask;
  bool whole_word;  // nothing of a word may stand before it
};
// What is longer or clearer comes first.
constexpr Kind kKinds[] = {
    {uuid, "<uuid>", true}, {time, "<time>", true}, {ipv4, "<ip>", true},
    {ipv6, "<ip>", true},   {hex, "<hex>", true},   {number, "<n>", false},
};

}  // namespace

std::string pattern_of(std::string_view message) {
  std::string out;
  char before = ' ';
  while (!message.empty() && out.size() < kMostPatternBytes) {
    std::size_t size = 0;
    if (is_hex(message.front()) || message.front() == ':') {
      for (const Kind& kind : kKinds) {
        if (kind.whole_word && is_word(before)) continue;
        size = kind.size(message);
        if (size == 0) continue;
        out += kind.mask;
        break;
      }
    }
    if (size == 0) out += message.front();
    size = std::max<std::size_t>(size, 1);
    before = message[size - 1];
    message.remove_prefix(size);
  }
  if (message.empty()) return out;
  // Not inside of a letter.
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  if (continues(message.front())) {
    while (continues(out.back())) out.pop_back();
    out.pop_back();
  }
  return out + "...";
}

}  // namespace logctl::query
