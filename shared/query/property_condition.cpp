#include "shared/query/property_condition.h"

#include "shared/query/compare.h"
#include "shared/query/number.h"
#include "shared/query/property.h"

#include <utility>

namespace logctl::query {

PropertyCondition::PropertyCondition(Op op, std::string_view value, std::vector<std::string> path)
    : op_(op),
      value_(value),
      plain_(as_property_number(value)),
      path_(std::move(path)),
      text_(op, value) {}

bool PropertyCondition::passes(std::string_view properties) const {
  using Kind = Property::Kind;
  const Property property = find_property(properties, path_);
  if (property.kind == Kind::absent) return false;
  if (op_ == Op::exists) return true;
  if (property.kind == Kind::container) return false;
  const bool is_number = property.kind == Kind::number;
  if (op_ == Op::equal) return property.text == (is_number ? plain_ : value_);
  if (!compares_value(op_)) return text_.passes(property.text);
  return is_number && holds(compare_numbers(property.text, value_), op_);
}

}  // namespace logctl::query
