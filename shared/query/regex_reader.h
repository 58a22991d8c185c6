// Reads a pattern of the common syntax (regex.h) and writes it for both engines. Pure.
#pragma once

#include "shared/query/char_class.h"
#include "shared/query/regex.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace logctl::query {

class RegexReader {
 public:
  struct Written {
    std::string re2;
    std::string postgres;
  };
  // Throws RegexProblem.
  static Written read(std::string_view pattern);

 private:
  // How many steps the engines need at most for a part, once repetitions are written out.
  using Size = std::uint64_t;

  RegexReader(std::string_view text, bool ignore_case) : text_(text), ignore_case_(ignore_case) {}

  [[noreturn]] static void fail(std::size_t at, std::string what, std::string hint = {});
  bool at_end() const { return at_ == text_.size(); }
  bool take(std::string_view expected);
  char32_t character();
  void write(std::string_view text);

  Size choice(int depth);
  Size sequence(int depth);
  // False: the part looks at a place and cannot be repeated.
  bool atom(int depth, Size& size);
  void group(int depth, Size& size);
  bool escape();
  void bracket();
  bool bracket_class(CharRanges& ranges);
  char32_t bracket_character();
  void named_class(CharRanges& ranges);
  Size repeated(Size size);
  std::uint32_t bound(std::size_t begin);
  void write_literal(char32_t c);
  void write_class(CharRanges ranges, bool negated);

  std::string_view text_;
  const bool ignore_case_;
  std::size_t at_ = 0;
  Written out_;
};

}  // namespace logctl::query
