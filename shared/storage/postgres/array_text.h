// An array as PostgreSQL reads it: {"a","b",NULL}.
#pragma once

#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <string>
#include <string_view>

namespace logctl::storage::postgres {

class ArrayText {
 public:
  void add(std::string_view text) {
    separate();
    text_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') text_ += '\\';
      text_ += c;
    }
    text_ += '"';
  }
  void add(std::int64_t number) {
    separate();
    fmt::format_to(std::back_inserter(text_), "{}", number);
  }
  void add_null() {
    separate();
    text_ += "NULL";
  }
  // Empty text is an absent value.
  void add_optional(std::string_view text) { text.empty() ? add_null() : add(text); }
  std::string text() const { return text_ + "}"; }

 private:
  void separate() {
    if (text_.size() > 1) text_ += ',';
  }
  std::string text_ = "{";
};

}  // namespace logctl::storage::postgres
