// What a filter asks of a text: compiled once, asked for every row.
//
// Owns what it needs; const, so any thread may ask.
#pragma once

#include "shared/query/query.h"
#include "shared/query/regex.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

class TextCondition {
 public:
  // `value` is that of a filter which can be asked (compare.h).
  TextCondition(Op op, std::string_view value);
  // Of a text that is there. Whatever looks for no part of it asks for equality; `exists` is true.
  bool passes(std::string_view text) const;

 private:
  Op op_;
  std::string value_;                // for contains in lower case
  std::vector<std::string> pieces_;  // of a pattern
  std::optional<Regex> regex_;
};

}  // namespace logctl::query
