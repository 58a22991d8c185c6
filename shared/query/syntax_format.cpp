// The text form of a question, written.
#include "shared/base/ascii.h"
#include "shared/base/time_text.h"
#include "shared/query/regex.h"
#include "shared/query/syntax.h"
#include "shared/query/text.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace logctl::query {
namespace {

bool needs_quotes(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.front() == '/') return true;
  if (text.find_first_of(" \t\r\n()\":=<>!*") != std::string_view::npos) return true;
  const std::string lower = lower_case(text);
  return lower == "and" || lower == "or" || lower == "not";
}

std::string word(std::string_view text) {
  return needs_quotes(text) ? in_quotes(text) : std::string(text);
}

// A time or a duration holds colons and is clear all the same.
std::string value(std::string_view text) {
  if (text.empty() || text.find_first_of(" \t\r\n()\"*") != std::string_view::npos) {
    return in_quotes(text);
  }
  // A regular expression, or a comparison behind a colon.
  const bool sign = std::string_view("/<>=!").find(text.front()) != std::string_view::npos;
  return sign ? in_quotes(text) : std::string(text);
}

// Between slashes; slashes and blanks are quoted inside.
std::string regex(std::string_view pattern) {
  const bool ignore_case = pattern.starts_with(kIgnoreCase);
  if (ignore_case) pattern.remove_prefix(kIgnoreCase.size());
  std::string out = "/";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (std::string_view("/ \t\r\n").find(pattern[i]) != std::string_view::npos) out += '\\';
    out += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) out += pattern[++i];
  }
  return out + (ignore_case ? "/i" : "/");
}

// `*` is any text and \ quotes: in the text form only the first has a meaning.
std::string pattern(std::string_view like) {
  std::string out;
  for (std::size_t i = 0; i < like.size(); ++i) {
    if (like[i] == '\\' && i + 1 < like.size()) ++i;
    out += like[i];
  }
  return out;
}

std::string joined(const std::vector<Filter>& parts, std::string_view by);

std::string text_of(const Filter& filter) {
  const bool of_message = filter.path.empty() && filter.field == Field::message;
  const std::string name = place_name(filter.field, filter.path);
  switch (filter.op) {
    case Op::equal:
      return name + (of_message ? "=" : ":") + value(filter.value);
    case Op::contains:
      return of_message ? word(filter.value) : name + ":" + value("*" + filter.value + "*");
    case Op::like:
      return name + ":" + pattern(filter.value);
    case Op::matches:
      return (of_message ? "" : name + ":") + regex(filter.value);
    case Op::less:
      return name + "<" + value(filter.value);
    case Op::at_most:
      return name + "<=" + value(filter.value);
    case Op::more:
      return name + ">" + value(filter.value);
    case Op::at_least:
      return name + ">=" + value(filter.value);
    case Op::exists:
      return name + ":*";
    case Op::any_of:
      return "(" + joined(filter.parts, " or ") + ")";
    case Op::all_of:
      return "(" + joined(filter.parts, " ") + ")";
    case Op::none_of:
      return "-" + (filter.parts.size() == 1 ? text_of(filter.parts.front())
                                             : "(" + joined(filter.parts, " or ") + ")");
  }
  return {};
}

std::string joined(const std::vector<Filter>& parts, std::string_view by) {
  std::string out;
  for (const Filter& part : parts) {
    if (!out.empty()) out += by;
    out += text_of(part);
  }
  return out;
}

}  // namespace

std::string format_text(const Query& query) {
  std::string out = joined(query.filters, " ");
  const auto add = [&out](std::string_view name, Timestamp time) {
    out += (out.empty() ? "" : " ") + std::string(name) + ":" + format_rfc3339(time);
  };
  if (query.since) add("since", *query.since);
  if (query.until) add("until", *query.until);
  return out;
}

}  // namespace logctl::query
