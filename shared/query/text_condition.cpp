#include "shared/query/text_condition.h"

#include "shared/base/ascii.h"
#include "shared/query/compare.h"

#include <algorithm>

namespace logctl::query {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same_letters(const char* text, std::string_view lower_part) {
  for (const char c : lower_part) {
    if (lower_case(*text++) != c) return false;
  }
  return true;
}

// Steps from one place where the part may begin to the next, in either case of its first letter.
bool holds_text(std::string_view text, std::string_view lower_part) {
  if (lower_part.empty()) return true;
  if (lower_part.size() > text.size()) return false;
  const char first = lower_part.front();
  const char other = upper(first);
  const std::string_view rest = lower_part.substr(1);
  const char* const end = text.data() + (text.size() - rest.size());
  for (const char* at = text.data(); at < end; ++at) {
    if ((*at == first || *at == other) && same_letters(at + 1, rest)) return true;
  }
  return false;
}

bool fits(std::string_view text, const std::vector<std::string>& pieces) {
  if (pieces.size() == 1) return text == pieces.front();
  if (!text.starts_with(pieces.front())) return false;
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const std::size_t at = text.find(pieces[i]);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

}  // namespace

TextCondition::TextCondition(Op op, std::string_view value) : op_(op), value_(value) {
  if (op == Op::contains) value_ = lower_case(value_);
  if (op == Op::like) pieces_ = pieces_of(value);
  if (op == Op::matches) regex_.emplace(value);
}

bool TextCondition::passes(std::string_view text) const {
  switch (op_) {
    case Op::exists:
      return true;
    case Op::contains:
      return holds_text(text, value_);
    case Op::like:
      return fits(text, pieces_);
    case Op::matches:
      return regex_->found_in(text);
    default:
      return text == value_;
  }
}

}  // namespace logctl::query
