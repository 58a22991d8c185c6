#include "shared/storage/index_field.h"

#include "shared/base/error.h"
#include "shared/base/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace logctl::storage {
namespace {

using query::Field;

constexpr std::array kColumns = {Field::service,     Field::level,   Field::event_type,
                                 Field::event_name,  Field::user_id, Field::session_id,
                                 Field::app_version, Field::host,    Field::trace_id,
                                 Field::span_id,     Field::priority};
constexpr std::string_view kProperty = "properties.";
// File names and comments hold it.
constexpr std::size_t kLongestName = 100;

Error refusal(std::string_view name, std::string_view problem, std::string hint = {}) {
  return Error(ErrorCode::usage, fmt::format("index on '{}': {}", name, problem), std::move(hint));
}

std::vector<std::string> path_of(std::string_view name, std::string_view rest) {
  std::vector<std::string> path;
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string_view key = rest.substr(0, dot);
    const auto is_odd = [](char c) {
      return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
    };
    if (key.empty() || std::any_of(key.begin(), key.end(), is_odd)) {
      throw refusal(name,
                    "expected the names of a property joined by dots, like "
                    "properties.order.id, without quotes and backslashes");
    }
    path.emplace_back(key);
    if (dot == std::string_view::npos) return path;
    rest.remove_prefix(dot + 1);
  }
}

}  // namespace

std::vector<std::string> index_field_names() {
  std::vector<std::string> names;
  for (const Field column : kColumns) names.emplace_back(query::field_name(column));
  names.emplace_back(kTextIndex);
  return names;
}

IndexField parse_index_field(std::string_view name) {
  IndexField field;
  field.name = name;
  if (name.size() > kLongestName) {
    throw refusal(name.substr(0, kLongestName),
                  fmt::format("the name has more than {} bytes", kLongestName));
  }
  if (name == kTextIndex) {
    field.kind = IndexField::Kind::text;
    return field;
  }
  if (name.starts_with(kProperty)) {
    field.kind = IndexField::Kind::property;
    field.path = path_of(name, name.substr(kProperty.size()));
    return field;
  }
  if (const auto column = query::parse_field(name)) {
    if (std::find(kColumns.begin(), kColumns.end(), *column) != kColumns.end()) {
      field.column = *column;
      field.name = query::field_name(*column);
      return field;
    }
    if (*column == Field::message) {
      throw refusal(name, "words of the message have an index of their own",
                    fmt::format("its name is `{}`", kTextIndex));
    }
    if (*column == Field::timestamp || *column == Field::event_id) {
      throw refusal(name, "the key of every day serves it already");
    }
  }
  const std::vector<std::string> names = index_field_names();
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view nearest = nearest_name(name, known);
  throw refusal(name, fmt::format("expected properties.NAME or one of {}", fmt::join(names, ", ")),
                nearest.empty() ? std::string() : fmt::format("did you mean {}?", nearest));
}

}  // namespace logctl::storage
