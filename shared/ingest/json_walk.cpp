#include "shared/ingest/json_walk.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::ingest {
namespace {

constexpr std::size_t kLongestPath = 200;
constexpr std::string_view kKeyExpected = "a key in double quotes";
constexpr std::string_view kValueExpected = "a JSON value";
constexpr std::string_view kColonExpected = "':' behind the key";
constexpr std::string_view kObjectGoesOn = "',' or '}'";
constexpr std::string_view kArrayGoesOn = "',' or ']'";
constexpr std::string_view kEscapeExpected =
    R"(one of the escapes \" \\ \/ \b \f \n \r \t \uXXXX in this string)";

}  // namespace

void Walk::shrink() {
  shrink_buffer(is_object_);
  shrink_buffer(cuts_);
  shrink_buffer(key_);
}

bool Walk::drops(std::string_view raw_key, bool escaped) {
  if (!escaped) return rules_->drops(raw_key);
  key_.resize(raw_key.size());
  const Unescaped done = unescape(raw_key, key_.data());
  return done.fault == TextFault::none &&
         rules_->drops(std::string_view(key_).substr(0, done.size));
}

bool Walk::is_marked(const char* key) const {
  return !marked_.empty() && std::find(marked_.begin(), marked_.end(), key) != marked_.end();
}

bool Walk::string(Cursor& cursor, std::string_view raw) {
  const Unescaped checked = check_escapes(raw);
  if (checked.fault == TextFault::bad_escape) return fail(kEscapeExpected);
  if (checked.fault != TextFault::none && wants_issue()) {
    issue_ = Issue{Reason::invalid_text, cursor.token(), text_fault_message(checked, raw)};
  }
  return true;
}

bool Walk::scalar(Cursor& cursor) {
  const char* begin = cursor.here();
  switch (*begin) {
    case '"': {
      const std::string_view raw = cursor.string();
      if (cursor.has_escape(raw) && !string(cursor, raw)) return false;
      break;
    }
    case 't':
      if (!cursor.is_word("true")) return fail(kValueExpected);
      break;
    case 'f':
      if (!cursor.is_word("false")) return fail(kValueExpected);
      break;
    case 'n':
      if (!cursor.is_word("null")) return fail(kValueExpected);
      break;
    default: {
      bool has_exponent;
      const char* end = scan_number(begin, has_exponent);
      if (end == nullptr || !cursor.ends_at(end)) return fail(kValueExpected);
      const std::string_view number(begin, static_cast<std::size_t>(end - begin));
      if ((has_exponent || number.size() > kPlainNumber) && wants_issue() && !fits_jsonb(number)) {
        issue_ = Issue{Reason::bad_number, cursor.token(),
                       fmt::format("found {}, {}", excerpt(number), kJsonbLimits)};
      }
    }
  }
  cursor.advance();
  return true;
}

bool Walk::value(Cursor& cursor, unsigned depth) {
  if (cursor.at_end()) return fail(kValueExpected);
  const char c = cursor.peek();
  return c == '{' || c == '[' ? container(cursor, depth) : scalar(cursor);
}

bool Walk::container(Cursor& cursor, unsigned depth) {
  std::size_t level = 0;  // of the container that is open; 0: none
  std::size_t cut_level = 0;
  const char* cut_from = nullptr;
  bool cut_first = false;
  bool in_object = false;
  cutting_ = false;

open:
  in_object = cursor.peek() == '{';
  if (++level >= is_object_.size()) is_object_.resize(level * 2 + 30);
  is_object_[level] = in_object;
  if (depth + level > rules_->max_depth && wants_issue()) {
    issue_ = Issue{Reason::too_deep, cursor.token(),
                   fmt::format("found more than {0} levels of nesting, at most {0} are allowed",
                               rules_->max_depth)};
  }
  cursor.advance();
  if (cursor.peek() == (in_object ? '}' : ']')) {
    cursor.advance();
    goto close;
  }
  if (!in_object) goto value;

key : {
  if (cursor.at_end() || cursor.peek() != '"') return fail(kKeyExpected);
  const std::string_view raw = cursor.string();
  const bool escaped = cursor.has_escape(raw);
  if (escaped && !string(cursor, raw)) return false;
  if (cursor.peek_after() != ':') {
    cursor.advance();
    return fail(kColonExpected);
  }
  if (cut_level == 0 && (is_marked(cursor.here()) || drops(raw, escaped))) {
    const char* before = cursor.text() + cursor.token()[-1];
    cut_level = level;
    // Without a kept member before it, the comma to take away is the one behind.
    cut_first = *before == '{' || (!cuts_.empty() && cuts_.back().to == cursor.here());
    cut_from = cut_first ? cursor.here() : before;
    cutting_ = true;
  }
  cursor.advance(2);
}

value:
  if (cursor.at_end()) return fail(kValueExpected);
  if (cursor.peek() == '{' || cursor.peek() == '[') goto open;
  if (!scalar(cursor)) return false;

next : {
  const char c = cursor.peek();
  if (cut_level == level) {
    // A cut that takes the comma behind it ends where the next key starts.
    const bool takes_comma = cut_first && c == ',';
    if (cursor.offset() < cut_limit_) {
      cuts_.push_back({cut_from, cursor.text() + cursor.token()[takes_comma ? 1 : 0]});
    }
    cut_level = 0;
    cutting_ = false;
  }
  if (c == ',') {
    cursor.advance();
    if (in_object) goto key;
    goto value;
  }
  if (c != (in_object ? '}' : ']')) return fail(in_object ? kObjectGoesOn : kArrayGoesOn);
  cursor.advance();
}

close:
  if (--level == 0) return true;
  in_object = is_object_[level] != 0;
  goto next;
}

std::string path_to(std::string_view name, std::string_view text, const std::uint32_t* start,
                    const std::uint32_t* token) {
  struct Level {
    bool is_object;
    std::string_view key;
    std::size_t element;
  };
  std::vector<Level> levels;
  Cursor cursor(text, start);
  for (; cursor.token() < token; cursor.advance()) {
    switch (cursor.peek()) {
      case '{':
      case '[':
        levels.push_back({cursor.peek() == '{', {}, 0});
        break;
      case '}':
      case ']':
        levels.pop_back();
        break;
      case ',':
        if (!levels.back().is_object) ++levels.back().element;
        break;
      case '"':
        if (cursor.peek_after() == ':') levels.back().key = cursor.string();
        break;
      default:
        break;
    }
  }
  if (cursor.peek() == '"' && cursor.peek_after() == ':' && !levels.empty()) {
    levels.back().key = cursor.string();
  }
  std::string path(name);
  for (const Level& level : levels) {
    if (path.size() > kLongestPath) return path + "...";
    if (level.is_object) {
      path += '.' + excerpt(level.key);
    } else {
      path += fmt::format("[{}]", level.element);
    }
  }
  return path;
}

}  // namespace logctl::ingest
