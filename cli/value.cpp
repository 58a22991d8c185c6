#include "cli/value.h"

#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

namespace logctl::cli {

Value Value::json(std::string text) {
  Value value;
  value.value_ = Json{std::move(text)};
  return value;
}

Value Value::json_list(const std::vector<std::string>& texts) {
  std::string json;
  JsonWriter writer(json);
  writer.begin_array();
  for (const std::string& text : texts) writer.value(text);
  writer.end_array();
  return Value::json(std::move(json));
}

bool Value::is_number() const {
  return std::holds_alternative<std::int64_t>(value_) ||
         std::holds_alternative<std::uint64_t>(value_) || std::holds_alternative<double>(value_);
}

std::string Value::to_text() const {
  if (const auto* text = std::get_if<std::string>(&value_)) return *text;
  if (const auto* json = std::get_if<Json>(&value_)) return json->text;
  if (const auto* at = std::get_if<Timestamp>(&value_)) return format_rfc3339(*at);
  if (const auto* flag = std::get_if<bool>(&value_)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value_)) return std::to_string(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&value_)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&value_)) return fmt::format("{}", *number);
  return {};
}

void Value::append_json(std::string& out) const {
  JsonWriter writer(out);
  if (is_null()) {
    writer.null();
  } else if (const auto* text = std::get_if<std::string>(&value_)) {
    writer.value(*text);
  } else if (time() != nullptr) {
    writer.value(to_text());
  } else if (const auto* number = std::get_if<double>(&value_)) {
    writer.value(*number);  // knows what to do with NaN
  } else {
    writer.raw(to_text());
  }
}

}  // namespace logctl::cli
