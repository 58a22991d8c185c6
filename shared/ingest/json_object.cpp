#include "shared/ingest/json_object.h"

#include "shared/base/error.h"
#include "shared/ingest/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace logctl::ingest {
namespace {

// What becomes of text that is JSON and that not every store takes.
enum class Unstorable : std::uint8_t {
  ends,  // the pass
  told,  // unless it is no JSON further on
};

// One pass over the text, which copies every token.
class Compactor {
 public:
  Compactor(std::string& out, std::string_view json, Unstorable unstorable)
      : out_(out), json_(json), unstorable_(unstorable) {}

  // Where the text stops being JSON and what would be right there; or what no store takes.
  struct Fault {
    std::size_t at = 0;
    std::string_view expected;  // empty: nothing is wrong with it as JSON
    std::string refused;
  };
  Fault run() {
    while (true) {
      skip_space();
      if (!value()) return fault();
      // Behind a value: what is open goes on or ends.
      while (true) {
        if (opened_) break;
        skip_space();
        if (depth_ == 0) {
          if (at_ < json_.size()) fail("the end");
          return fault();
        }
        const bool object = in_object_[depth_ - 1];
        if (take(',')) {
          if (object && !key()) return fault();
          break;
        }
        if (!take(object ? '}' : ']')) {
          fail(object ? "',' or '}'" : "',' or ']'");
          return fault();
        }
        --depth_;
      }
      opened_ = false;
    }
  }

 private:
  Fault fault() const {
    if (expected_.empty()) return {refused_at_, {}, refused_};
    return {at_, expected_, {}};
  }
  bool fail(std::string_view expected) {
    expected_ = expected;
    return false;
  }
  bool refuse(std::size_t at, std::string why) {
    if (refused_.empty()) {
      refused_ = std::move(why);
      refused_at_ = at;
    }
    return unstorable_ == Unstorable::told;
  }
  void skip_space() {
    while (at_ < json_.size() && is_space(json_[at_])) ++at_;
  }
  bool take(char c) {
    if (at_ == json_.size() || json_[at_] != c) return false;
    out_.push_back(c);
    ++at_;
    return true;
  }

  // Stands behind the value, or behind the opening of one that holds something: then opened_.
  bool value() {
    if (at_ == json_.size()) return fail("a value");
    switch (json_[at_]) {
      case '{':
        return open(true, '}');
      case '[':
        return open(false, ']');
      case '"':
        return text();
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return number();
    }
  }

  bool open(bool object, char close) {
    if (depth_ == kMaxDepth) return fail("less depth");
    take(json_[at_]);
    skip_space();
    if (take(close)) return true;
    in_object_[depth_++] = object;
    opened_ = true;
    return !object || key();
  }

  bool key() {
    skip_space();
    if (at_ == json_.size() || json_[at_] != '"') return fail("a name in quotes");
    if (!text()) return false;
    skip_space();
    return take(':') || fail("':'");
  }

  bool text() {
    std::size_t end = at_ + 1;
    bool escaped = false;
    while (end < json_.size() && json_[end] != '"') {
      const auto c = static_cast<unsigned char>(json_[end]);
      if (c < 0x20) {
        at_ = end;
        return fail("an escaped control character");
      }
      if (c == '\\') {
        escaped = true;
        ++end;
      }
      ++end;
    }
    if (end >= json_.size()) return fail("a closing quote");
    const std::string_view raw = json_.substr(at_ + 1, end - at_ - 1);
    if (escaped) {
      const Unescaped checked = check_escapes(raw);
      const std::size_t at = at_ + 1 + checked.fault_at;
      if (checked.fault == TextFault::bad_escape) {
        at_ = at;
        return fail("an escape of JSON");
      }
      if (checked.fault != TextFault::none && !refuse(at, text_fault_message(checked, raw))) {
        return false;
      }
    }
    out_.append(json_.substr(at_, end + 1 - at_));
    at_ = end + 1;
    return true;
  }

  bool word(std::string_view word) {
    if (json_.substr(at_, word.size()) != word) return fail("a value");
    out_.append(word);
    at_ += word.size();
    return true;
  }

  bool number() {
    // A number ends at the latest before the brace or bracket that ends its object.
    if (depth_ == 0) return fail("an object or an array");
    const std::size_t last = json_.find_last_of(" \t\r\n,]}");
    if (last == std::string_view::npos || last <= at_) return fail("a value");
    bool exponent = false;
    const char* const end = scan_number(json_.data() + at_, exponent);
    if (end == nullptr) return fail("a value");
    const std::string_view number =
        json_.substr(at_, static_cast<std::size_t>(end - json_.data()) - at_);
    if ((exponent || number.size() > kPlainNumber) && !fits_numeric(number)) {
      std::string why = fmt::format("found the number {}, {}", excerpt(number), kNumericLimits);
      if (!refuse(at_, std::move(why))) return false;
    }
    out_.append(number);
    at_ += number.size();
    return true;
  }

  std::string& out_;
  const std::string_view json_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool opened_ = false;
  std::array<bool, kMaxDepth> in_object_{};
  const Unstorable unstorable_;
  std::string_view expected_;
  std::string refused_;
  std::size_t refused_at_ = 0;
};

std::size_t first_character(std::string_view json) {
  std::size_t at = 0;
  while (at < json.size() && is_space(json[at])) ++at;
  return at;
}

std::string shown(const Compactor::Fault& fault) {
  return fmt::format("byte {}: {}", fault.at, fault.refused);
}

Error no_json(std::string_view name, std::string_view json) {
  return {ErrorCode::invalid_json, fmt::format("`{}` is no JSON: {}", name, json_fault(json))};
}

}  // namespace

void append_object(std::string& out, std::string_view json, std::string_view name) {
  if (!is_utf8(json)) throw no_json(name, json);
  const std::size_t first = first_character(json);
  if (first < json.size() && json[first] != '{') {
    throw Error(ErrorCode::validation_error,
                fmt::format("`{}`: expected an object, found {}", name, excerpt(json)));
  }
  const std::size_t before = out.size();
  const Compactor::Fault fault = Compactor(out, json, Unstorable::ends).run();
  if (fault.expected.empty() && fault.refused.empty()) return;
  out.resize(before);
  if (fault.refused.empty()) throw no_json(name, json);
  throw Error(ErrorCode::validation_error, fmt::format("`{}`: {}", name, shown(fault)));
}

std::string json_fault(std::string_view text) {
  if (!is_utf8(text)) return fmt::format("byte {} is not UTF-8", first_invalid_utf8(text));
  // A number at the end of text that was cut off has to end, too.
  const std::string ended = fmt::format("{}\n", text);
  std::string ignored;
  const Compactor::Fault fault = Compactor(ignored, ended, Unstorable::told).run();
  if (!fault.refused.empty()) return shown(fault);
  if (fault.expected.empty()) return {};
  return syntax_message(text, std::min(fault.at, text.size()), fault.expected);
}

}  // namespace logctl::ingest
