#include "shared/query/char_class.h"

#include <algorithm>
#include <array>

namespace logctl::query {
namespace {

constexpr char32_t kFirst = 1;  // no text holds a NUL
constexpr char32_t kLast = 0x10FFFF;

struct NamedClass {
  std::string_view name;
  CharRanges ranges;
};

const std::array<NamedClass, 11>& named_classes() {
  static const std::array<NamedClass, 11> kClasses = {{
      {"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}},
      {"alpha", {{'A', 'Z'}, {'a', 'z'}}},
      {"blank", {{'\t', '\t'}, {' ', ' '}}},
      {"cntrl", {{1, 31}, {127, 127}}},
      {"digit", {{'0', '9'}}},
      {"lower", {{'a', 'z'}}},
      {"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}},
      {"space", {{'\t', '\r'}, {' ', ' '}}},
      {"upper", {{'A', 'Z'}}},
      {"word", {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
      {"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}},
  }};
  return kClasses;
}

CharRanges all_but(const CharRanges& ranges) {
  CharRanges out;
  char32_t next = kFirst;
  for (const auto& [first, last] : merged(ranges)) {
    if (first > next) out.emplace_back(next, first - 1);
    next = last + 1;
  }
  if (next <= kLast) out.emplace_back(next, kLast);
  return out;
}

}  // namespace

std::optional<CharRanges> find_class(std::string_view name) {
  for (const NamedClass& known : named_classes()) {
    if (known.name == name) return known.ranges;
  }
  return std::nullopt;
}

std::string class_names() {
  std::string names;
  for (const NamedClass& one : named_classes()) {
    if (!names.empty()) names += ' ';
    names.append("[:").append(one.name).append(":]");
  }
  return names;
}

CharRanges merged(CharRanges ranges) {
  std::sort(ranges.begin(), ranges.end());
  CharRanges out;
  for (const auto& range : ranges) {
    if (!out.empty() && range.first <= out.back().second + 1) {
      out.back().second = std::max(out.back().second, range.second);
    } else {
      out.push_back(range);
    }
  }
  return out;
}

std::optional<CharRanges> class_of(char32_t letter) {
  switch (letter) {
    case 'd':
      return find_class("digit");
    case 'w':
      return find_class("word");
    case 's':
      return find_class("space");
    case 'D':
      return all_but(*find_class("digit"));
    case 'W':
      return all_but(*find_class("word"));
    case 'S':
      return all_but(*find_class("space"));
    default:
      return std::nullopt;
  }
}

void add_other_case(CharRanges& ranges) {
  const auto add = [&ranges](std::pair<char32_t, char32_t> range, char32_t from, char32_t to) {
    const char32_t first = std::max(range.first, from);
    const char32_t last = std::min<char32_t>(range.second, from + 25);
    if (first <= last) ranges.emplace_back(first - from + to, last - from + to);
  };
  const CharRanges before = ranges;
  for (const auto& range : before) {
    add(range, 'a', 'A');
    add(range, 'A', 'a');
  }
}

void append_utf8(std::string& out, char32_t c) {
  const auto byte = [&out](char32_t value) { out += static_cast<char>(value); };
  if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | c >> 6);
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | c >> 12);
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | c >> 18);
    byte(0x80 | (c >> 12 & 0x3F));
    byte(0x80 | (c >> 6 & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

void append_range(std::string& out, char32_t first, char32_t last) {
  const auto one = [&out](char32_t c) {
    if (c == '\\' || c == '[' || c == ']' || c == '^' || c == '-') out += '\\';
    append_utf8(out, c);
  };
  one(first);
  if (first == last) return;
  if (last > first + 1) out += '-';
  one(last);
}

}  // namespace logctl::query
