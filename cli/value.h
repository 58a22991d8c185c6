// What commands print, one cell at a time.
#pragma once

#include "shared/base/clock.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace logctl::cli {

// One cell, which keeps its type: numbers and nulls stay such in JSON.
class Value {
 public:
  Value() = default;  // null
  Value(std::nullptr_t) {}
  Value(bool flag) : value_(flag) {}
  Value(double number) : value_(number) {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T number) {
    if constexpr (std::is_signed_v<T>) {
      value_ = static_cast<std::int64_t>(number);
    } else {
      value_ = static_cast<std::uint64_t>(number);
    }
  }
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Timestamp time) : value_(time) {}  // RFC 3339; in tables how long ago
  template <typename T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }
  // `text` is one complete JSON value; other formats show it as it is.
  static Value json(std::string text);
  // An array of texts in JSON.
  static Value json_list(const std::vector<std::string>& texts);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_number() const;
  const Timestamp* time() const { return std::get_if<Timestamp>(&value_); }
  std::string to_text() const;  // null is empty
  void append_json(std::string& out) const;

 private:
  struct Json {
    std::string text;
  };
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Timestamp,
               Json>
      value_;
};

using Row = std::vector<Value>;
using Field = std::pair<std::string, Value>;

}  // namespace logctl::cli
