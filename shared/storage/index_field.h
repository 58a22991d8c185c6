// What an index can be on: a column of text, a property, or the words of the message. Values.
#pragma once

#include "shared/query/query.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::storage {

struct IndexField {
  enum class Kind { column, property, text };
  Kind kind = Kind::column;
  std::string name;               // as people write it: user_id, properties.order_id, text
  query::Field column{};          // of a column
  std::vector<std::string> path;  // of a property: object keys from the outside in
};

// The name of the index on the words of the message.
inline constexpr std::string_view kTextIndex = "text";

// Throws Error{usage} that names what is allowed.
IndexField parse_index_field(std::string_view name);
// The columns that can have an index, and `text`.
std::vector<std::string> index_field_names();

}  // namespace logctl::storage
