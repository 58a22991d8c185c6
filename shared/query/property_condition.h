// What a filter asks of a property: compiled once, asked for the properties of every row. The only
// place that knows what such a filter means outside of PostgreSQL.
//
// Owns what it needs; const, so any thread may ask.
#pragma once

#include "shared/query/query.h"
#include "shared/query/text_condition.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

class PropertyCondition {
 public:
  // `op`, `value` and `path` are those of a filter that can be asked (compare.h).
  PropertyCondition(Op op, std::string_view value, std::vector<std::string> path);
  // `properties` is a JSON object as text, or empty.
  bool passes(std::string_view properties) const;

 private:
  Op op_;
  std::string value_;
  std::string plain_;  // the value as a number in properties is written
  std::vector<std::string> path_;
  TextCondition text_;
};

}  // namespace logctl::query
