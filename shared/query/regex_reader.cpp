#include "shared/query/regex_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace logctl::query {
namespace {

constexpr int kMostNested = 30;
constexpr std::uint32_t kMostRepeated = 255;  // PostgreSQL's limit
constexpr std::uint64_t kMostSteps = 2000;
constexpr std::string_view kSpecial = "\\.+*?()|[]{}^$";

bool is_ascii_alnum(char32_t c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string shown(char32_t c) {
  std::string out;
  append_utf8(out, c);
  return out;
}

}  // namespace

void RegexReader::fail(std::size_t at, std::string what, std::string hint) {
  throw RegexProblem{at, std::move(what), std::move(hint)};
}

RegexReader::Written RegexReader::read(std::string_view pattern) {
  const bool ignore_case = pattern.starts_with(kIgnoreCase);
  if (ignore_case) pattern.remove_prefix(kIgnoreCase.size());
  if (pattern.empty()) fail(0, "expected a regular expression, found nothing");
  if (pattern.size() > kMostRegexBytes) {
    fail(0, fmt::format("the regular expression has {} bytes, allowed are {}", pattern.size(),
                        kMostRegexBytes));
  }
  RegexReader reader(pattern, ignore_case);
  reader.choice(0);
  if (!reader.at_end()) fail(reader.at_, "this ')' closes nothing", R"(\) is the sign itself)");
  return std::move(reader.out_);
}

bool RegexReader::take(std::string_view expected) {
  if (!text_.substr(at_).starts_with(expected)) return false;
  at_ += expected.size();
  return true;
}

// The text is known to be UTF-8.
char32_t RegexReader::character() {
  const auto lead = static_cast<unsigned char>(text_[at_++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t c = lead & (0x3FU >> more);
  for (int i = 0; i < more && !at_end(); ++i) {
    c = c << 6 | (static_cast<unsigned char>(text_[at_++]) & 0x3FU);
  }
  return c;
}

void RegexReader::write(std::string_view text) {
  out_.re2 += text;
  out_.postgres += text;
}

RegexReader::Size RegexReader::choice(int depth) {
  Size size = sequence(depth);
  while (take("|")) {
    write("|");
    size += sequence(depth);
  }
  return size;
}

RegexReader::Size RegexReader::sequence(int depth) {
  Size size = 1;
  bool empty = true;
  while (!at_end() && text_[at_] != '|' && text_[at_] != ')') {
    const std::size_t begin = at_;
    Size part = 1;
    const bool repeatable = atom(depth, part);
    const bool follows =
        !at_end() && std::string_view("*+?{").find(text_[at_]) != std::string_view::npos;
    if (follows && !repeatable) {
      fail(at_, fmt::format("'{}' cannot be repeated", text_.substr(begin, at_ - begin)));
    }
    if (follows) part = repeated(part);
    size += part;
    if (size > kMostSteps) {
      fail(begin, fmt::format("the repetitions come to more than {} steps", kMostSteps),
           "a smaller number in { } or a * finds the same in most cases");
    }
    empty = false;
  }
  if (empty) write("(?:)");
  return size;
}

bool RegexReader::atom(int depth, Size& size) {
  const std::size_t begin = at_;
  const char32_t c = character();
  switch (c) {
    case '(':
      at_ = begin;
      group(depth, size);
      return true;
    case '[':
      at_ = begin;
      bracket();
      return true;
    case '\\':
      at_ = begin;
      return escape();
    case '.':
      write(".");
      return true;
    case '^':
    case '$':
      write(shown(c));
      return false;
    case '*':
    case '+':
    case '?':
      fail(begin, fmt::format("nothing stands before this '{}'", shown(c)),
           fmt::format("\\{} is the sign itself", shown(c)));
    case '{':
    case '}':
    case ']':
      fail(begin, fmt::format("this '{}' belongs to nothing", shown(c)),
           fmt::format("\\{} is the sign itself", shown(c)));
    default:
      write_literal(c);
      return true;
  }
}

void RegexReader::group(int depth, Size& size) {
  const std::size_t begin = at_;
  if (depth >= kMostNested) fail(begin, "nested too deeply");
  take("(");
  if (!take("?:") && text_.substr(at_).starts_with('?')) {
    fail(begin, fmt::format("'{}' is not known in both stores", text_.substr(begin, 3)),
         text_.substr(at_).starts_with("?i)")
             ? "an i behind the last slash takes letters in either case: /.../i"
             : "groups are ( ) and (?: ); there is no looking ahead or behind, and no name");
  }
  write("(?:");
  size = choice(depth + 1);
  if (!take(")")) fail(begin, "this '(' is never closed", R"(\( is the sign itself)");
  write(")");
}

bool RegexReader::escape() {
  const std::size_t begin = at_;
  take("\\");
  if (at_end()) fail(begin, "nothing follows this '\\'", R"(\\ is the sign itself)");
  const char32_t c = character();
  if (c == 'b' || c == 'B') {
    out_.re2 += c == 'b' ? "\\b" : "\\B";
    out_.postgres += c == 'b' ? "\\y" : "\\Y";
    return false;
  }
  if (std::optional<CharRanges> ranges = class_of(c)) {
    write_class(std::move(*ranges), false);
    return true;
  }
  at_ = begin;
  write_literal(bracket_character());
  return true;
}

// One character, written plainly or with a backslash.
char32_t RegexReader::bracket_character() {
  const std::size_t begin = at_;
  const char32_t c = character();
  if (c != '\\') return c;
  if (at_end()) fail(begin, "nothing follows this '\\'", R"(\\ is the sign itself)");
  const char32_t next = character();
  switch (next) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      break;
  }
  if (next >= '0' && next <= '9') {
    fail(begin, fmt::format("'\\{}' refers back, which is not known in both stores", shown(next)));
  }
  if (is_ascii_alnum(next) || next >= 0x80) {
    fail(begin, fmt::format("'\\{}' is not known in both stores", shown(next)),
         R"(known are \d \w \s \D \W \S \b \B \t \n \r, and \ before a sign)");
  }
  return next;
}

void RegexReader::bracket() {
  const std::size_t begin = at_;
  take("[");
  const bool negated = take("^");
  CharRanges ranges;
  while (!at_end() && (text_[at_] != ']' || ranges.empty())) {
    const std::size_t item = at_;
    if (text_[at_] == ']') {
      fail(item, "nothing stands between '[' and ']'", R"(\] is the sign itself)");
    }
    if (bracket_class(ranges)) continue;
    const char32_t first = bracket_character();
    const bool is_range = text_.size() > at_ + 1 && text_[at_] == '-' && text_[at_ + 1] != ']';
    if (!is_range) {
      ranges.emplace_back(first, first);
      continue;
    }
    take("-");
    CharRanges ignored;
    if (bracket_class(ignored)) fail(item, "a range ends in one character, not in a class");
    const char32_t last = bracket_character();
    if (last < first) {
      fail(item, fmt::format("the range {} runs backwards", text_.substr(item, at_ - item)));
    }
    ranges.emplace_back(first, last);
  }
  if (!take("]")) fail(begin, "this '[' is never closed", R"(\[ is the sign itself)");
  write_class(std::move(ranges), negated);
}

// \d and the like, or [:alpha:].
bool RegexReader::bracket_class(CharRanges& ranges) {
  const std::size_t begin = at_;
  if (text_[at_] == '[' && at_ + 1 < text_.size()) {
    const char kind = text_[at_ + 1];
    if (kind == ':') {
      named_class(ranges);
      return true;
    }
    if (kind == '.' || kind == '=') {
      fail(begin, fmt::format("'[{}' is not known in both stores", kind),
           R"(\[ is the sign itself)");
    }
  }
  if (text_[at_] != '\\' || at_ + 1 >= text_.size()) return false;
  const std::optional<CharRanges> known = class_of(static_cast<unsigned char>(text_[at_ + 1]));
  if (!known) return false;
  at_ += 2;
  ranges.insert(ranges.end(), known->begin(), known->end());
  return true;
}

void RegexReader::named_class(CharRanges& ranges) {
  const std::size_t begin = at_;
  const std::size_t end = text_.find(":]", at_ + 2);
  const std::string_view name =
      end == std::string_view::npos ? "" : text_.substr(at_ + 2, end - at_ - 2);
  const std::optional<CharRanges> known = find_class(name);
  if (!known) {
    fail(begin, "expected the name of a class", "known are " + class_names());
  }
  ranges.insert(ranges.end(), known->begin(), known->end());
  at_ = end + 2;
}

RegexReader::Size RegexReader::repeated(Size size) {
  const std::size_t begin = at_;
  std::uint32_t most = 1;
  if (take("*") || take("+") || take("?")) {
    write(text_.substr(begin, 1));
  } else {
    take("{");
    const std::uint32_t least = bound(begin);
    most = std::max(least, 1U);
    std::string written = fmt::format("{{{}", least);
    if (take(",")) {
      written += ',';
      if (!at_end() && text_[at_] != '}') {
        most = bound(begin);
        if (most < least) fail(begin, fmt::format("{} is more than {}", least, most));
        written += std::to_string(most);
      }
    }
    if (!take("}")) {
      fail(begin, "expected {2}, {2,} or {2,5}", R"(\{ is the sign itself)");
    }
    write(written + "}");
  }
  // How much is taken makes no difference to whether something is found.
  take("?");
  if (!at_end() && std::string_view("*+?{").find(text_[at_]) != std::string_view::npos) {
    fail(at_, "a repetition of a repetition", "( ) around the inner one makes it clear");
  }
  return size * std::max(most, 1U);
}

std::uint32_t RegexReader::bound(std::size_t begin) {
  std::uint32_t value = 0;
  const char* end = text_.data() + text_.size();
  const auto read = std::from_chars(text_.data() + at_, end, value);
  if (read.ec == std::errc::invalid_argument) {
    fail(begin, "expected {2}, {2,} or {2,5}", R"(\{ is the sign itself)");
  }
  if (read.ec != std::errc() || value > kMostRepeated) {
    fail(begin, fmt::format("at most {} repetitions can be asked for", kMostRepeated));
  }
  at_ = static_cast<std::size_t>(read.ptr - text_.data());
  return value;
}

void RegexReader::write_literal(char32_t c) {
  const char32_t lower = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
  if (ignore_case_ && lower >= 'a' && lower <= 'z') {
    write(fmt::format("[{}{}]", static_cast<char>(lower - 'a' + 'A'), static_cast<char>(lower)));
    return;
  }
  std::string text;
  if (c < 0x80 && kSpecial.find(static_cast<char>(c)) != std::string_view::npos) text = "\\";
  append_utf8(text, c);
  write(text);
}

void RegexReader::write_class(CharRanges ranges, bool negated) {
  if (ignore_case_) add_other_case(ranges);
  std::string text = negated ? "[^" : "[";
  for (const auto& [first, last] : merged(std::move(ranges))) append_range(text, first, last);
  write(text + "]");
}

}  // namespace logctl::query
