#include "shared/ingest/field_map.h"

#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/ingest/record_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace logctl::ingest {
namespace {

constexpr std::array kOthers = {
    std::string_view("timestamp"),  std::string_view("sequence_number"),
    std::string_view("properties"), std::string_view("metadata"),
    std::string_view("attributes"), std::string_view("device_info"),
};

bool is_container(Field field) { return field >= Field::properties && field <= Field::device_info; }

// `name=rest` of an option.
std::pair<std::string_view, std::string_view> split(std::string_view option, std::string_view text,
                                                    std::string_view form) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    throw Error(ErrorCode::usage, fmt::format("{}: found '{}', expected {}", option, text, form));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

Field known_field(std::string_view option, std::string_view name) {
  const Field field = ingest::field_of(name);
  if (field != Field::unknown) return field;
  std::vector<std::string_view> names(kOthers.begin(), kOthers.end());
  for (const TextRule& rule : kTexts) names.push_back(rule.name);
  const std::string_view nearest = nearest_name(name, names);
  std::ranges::sort(names);
  throw Error(ErrorCode::usage, fmt::format("{}: there is no field '{}'", option, name),
              nearest.empty() ? fmt::format("the fields are {}", fmt::join(names, ", "))
                              : fmt::format("did you mean '{}'?", nearest));
}

std::vector<std::string> dotted_keys(std::string_view text, std::string_view path) {
  std::vector<std::string> keys;
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t dot = std::min(path.find('.', start), path.size());
    if (dot == start) {
      throw Error(ErrorCode::usage, fmt::format("--map: '{}' has an empty key in its path", text));
    }
    keys.emplace_back(path.substr(start, dot - start));
    start = dot + 1;
  }
  return keys;
}

}  // namespace

FieldMap::FieldMap(std::span<const std::string> maps, std::span<const std::string> defaults) {
  for (const std::string& text : maps) add_map(text);
  for (const std::string& text : defaults) add_default(text);
}

Field FieldMap::field_of(std::string_view key) const {
  for (const Top& top : top_) {
    if (top.key == key) return top.field;
  }
  const Field own = ingest::field_of(key);
  return own == Field::unknown || is_mapped(own) ? Field::unknown : own;
}

void FieldMap::add_map(std::string_view text) {
  const auto [name, path] = split("--map", text, "FIELD=PATH, such as timestamp=time");
  const Field field = known_field("--map", name);
  if (is_mapped(field)) {
    throw Error(ErrorCode::usage, fmt::format("--map: field '{}' is mapped twice", name));
  }
  std::vector<std::string> keys = dotted_keys(text, path);
  if (keys.size() > 1 && is_container(field)) {
    throw Error(
        ErrorCode::usage,
        fmt::format("--map: '{}' can only be a key of the record itself, found '{}'", name, path));
  }
  mapped_ |= 1U << static_cast<unsigned>(field);
  if (keys.size() == 1) {
    top_.push_back({field, std::move(keys.front())});
  } else {
    nested_.push_back({field, std::move(keys)});
  }
}

void FieldMap::add_default(std::string_view text) {
  const auto [name, value] = split("--defaults", text, "FIELD=VALUE, such as service=shop");
  const Field field = known_field("--defaults", name);
  if (is_container(field) || field == Field::event_id || field == Field::sequence_number) {
    throw Error(ErrorCode::usage, fmt::format("--defaults: '{}' cannot have a default", name));
  }
  Default entry{field, std::string(value), std::nullopt};
  if (std::ranges::count(defaults_, field, &Default::field) > 0) {
    throw Error(ErrorCode::usage, fmt::format("--defaults: field '{}' is given twice", name));
  }
  if (field == Field::timestamp) {
    entry.time = parse_rfc3339(value);
    if (!entry.time) {
      throw Error(ErrorCode::usage, fmt::format("--defaults: timestamp: found '{}', expected {}",
                                                value, kTimeExpected));
    }
  } else if (field == Field::level && !parse_level(value)) {
    throw Error(ErrorCode::usage, fmt::format("--defaults: level: '{}' is no level", value));
  } else if (field == Field::priority && value != "normal" && value != "high") {
    throw Error(ErrorCode::usage,
                fmt::format("--defaults: priority: found '{}', allowed are normal, high", value));
  } else if (value.size() > kTexts[static_cast<std::size_t>(field)].max_bytes) {
    throw Error(ErrorCode::usage,
                fmt::format("--defaults: {}: found {} bytes, at most {} are allowed", name,
                            value.size(), kTexts[static_cast<std::size_t>(field)].max_bytes));
  }
  defaults_.push_back(std::move(entry));
}

}  // namespace logctl::ingest
