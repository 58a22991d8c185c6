// Regular expressions that mean the same in every store: a common part of what RE2 (files, the live
// tail, SQLite) and PostgreSQL know, read here and written out for each.
//
//   .  [a-z]  [^a-z]  \d \w \s \D \W \S  [[:alpha:]]   one character (`.` also a line end)
//   x*  x+  x?  x{2}  x{2,}  x{2,5}  (...)  (?:...)  a|b  ^  $  \b  \B  \t \n \r  \. and so on
//
// Classes with a name hold ASCII only. A pattern that begins with (?i) takes ASCII letters in
// either case. Finding one takes linear time. Pure; a Regex may be used from any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace logctl::query {

inline constexpr std::string_view kIgnoreCase = "(?i)";
inline constexpr std::size_t kMostRegexBytes = 1000;

struct RegexProblem {
  std::size_t at = 0;  // in bytes, behind a leading (?i)
  std::string what;
  std::string hint = {};
};

// Nothing when the pattern can be asked.
std::optional<RegexProblem> regex_problem(std::string_view pattern);

// The pattern for PostgreSQL's `~` with the collation "C". Throws as Regex.
std::string postgres_regex(std::string_view pattern);

class Regex {
 public:
  // Throws Error{validation_error} when the pattern cannot be asked.
  explicit Regex(std::string_view pattern);
  ~Regex();
  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;

  // Somewhere in the text.
  bool found_in(std::string_view text) const;

 private:
  std::unique_ptr<const re2::RE2> compiled_;
};

}  // namespace logctl::query
