#include "shared/query/syntax.h"

#include "shared/base/ascii.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/query/compare.h"
#include "shared/query/path.h"
#include "shared/query/regex.h"
#include "shared/query/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace logctl::query {
namespace {

constexpr std::size_t kMostTerms = 200;
constexpr int kMostNested = 40;
constexpr std::string_view kInProperties = "properties.";
constexpr std::string_view kBlank = " \t\r\n";
// What ends a word, and what ends the name of a field.
constexpr std::string_view kEndsWord = " \t\r\n()\"";
constexpr std::string_view kEndsName = " \t\r\n()\":=<>!";

struct Comparison {
  std::string_view text;
  Op op;
  bool negated = false;
};
// Longer ones first.
constexpr std::array kComparisons = {
    Comparison{">=", Op::at_least},    Comparison{"<=", Op::at_most},
    Comparison{"!=", Op::equal, true}, Comparison{">", Op::more},
    Comparison{"<", Op::less},         Comparison{"=", Op::equal},
    Comparison{":", Op::contains},  // equal, but for the message
};

bool is_word(std::string_view word, std::string_view lower) {
  return word.size() == lower.size() &&
         std::equal(word.begin(), word.end(), lower.begin(),
                    [](char a, char b) { return a == b || a == b - 'a' + 'A'; });
}
Filter group(Op op, std::vector<Filter> parts) {
  Filter filter;
  filter.op = op;
  filter.parts = std::move(parts);
  return filter;
}

// A word as written, or the content of quotes.
struct Value {
  std::string text;
  bool quoted = false;
  bool regex = false;  // between slashes, or (?i) and that when an i follows them
  std::size_t at = 0;
};

class Parser {
 public:
  Parser(std::string_view text, Timestamp now, Query& query)
      : text_(text), now_(now), query_(query) {}

  void parse() {
    if (!is_storable_text(text_)) fail(0, "expected UTF-8 text without NUL, found other bytes");
    skip_blank();
    if (at_end()) return;
    Filter filter = any(0);
    skip_blank();
    if (!at_end()) fail(at_, "this ')' closes nothing");
    if (filter.op == Op::all_of) {
      for (Filter& part : filter.parts) query_.filters.push_back(std::move(part));
    } else {
      query_.filters.push_back(std::move(filter));
    }
    if (query_.since && query_.until && *query_.since > *query_.until) {
      fail(bound_at_, "the end lies before the start");
    }
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& problem, std::string hint = {}) const {
    throw SyntaxError(column_of(text_, at), problem, std::move(hint));
  }

  bool at_end() const { return at_ == text_.size(); }
  void skip_blank() { at_ = std::min(text_.find_first_not_of(kBlank, at_), text_.size()); }
  std::string_view word() const {
    const std::size_t end = std::min(text_.find_first_of(kEndsWord, at_), text_.size());
    return text_.substr(at_, end - at_);
  }
  bool take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view lower) {
    if (!is_word(word(), lower)) return false;
    at_ += lower.size();
    skip_blank();
    return true;
  }
  // What follows can only be read by somebody further out.
  bool ends_here() {
    skip_blank();
    return at_end() || text_[at_] == ')' || is_word(word(), "or");
  }
  [[noreturn]] void fail_empty() const {
    constexpr const char* kExpected = "expected something to look for, found ";
    if (at_end()) fail(at_, std::string(kExpected) + "the end");
    fail(at_, fmt::format("{}'{}'", kExpected, text_[at_] == ')' ? ")" : word()),
         text_[at_] == ')' ? "" : "quotes make it a word to look for");
  }

  Filter any(int depth) {
    const int bounds = bounds_;
    std::vector<Filter> parts;
    int branches = 0;
    do {
      append(parts, Op::any_of, all(depth));
      ++branches;
      skip_blank();
    } while (take_word("or"));
    if (branches > 1) forbid_bounds(bounds);
    if (parts.size() == 1) return std::move(parts.front());
    return group(Op::any_of, std::move(parts));
  }

  Filter all(int depth) {
    if (ends_here()) fail_empty();
    std::vector<Filter> parts;
    do {
      append(parts, Op::all_of, unary(depth));
      if (!ends_here() && take_word("and") && ends_here()) fail_empty();
    } while (!ends_here());
    if (parts.size() == 1) return std::move(parts.front());
    return group(Op::all_of, std::move(parts));
  }

  // Parts of the same kind are one: (a b) c is a b c.
  static void append(std::vector<Filter>& parts, Op op, Filter part) {
    if (part.op != op) {
      parts.push_back(std::move(part));
      return;
    }
    for (Filter& inner : part.parts) parts.push_back(std::move(inner));
  }

  Filter unary(int depth) {
    if (depth > kMostNested) fail(at_, "nested too deeply");
    const std::size_t begin = at_;
    if (take_word("not") || take('-')) {
      if (ends_here()) fail_empty();
      const int bounds = bounds_;
      Filter inner = unary(depth + 1);
      forbid_bounds(bounds);
      return group(Op::none_of, {std::move(inner)});
    }
    if (take('(')) {
      Filter inner = any(depth + 1);
      skip_blank();
      if (!take(')')) fail(begin, "this '(' is never closed");
      return inner;
    }
    if (is_word(word(), "and")) fail_empty();
    if (++terms_ > kMostTerms) fail(at_, fmt::format("more than {} terms", kMostTerms));
    return term();
  }

  Filter term() {
    const std::size_t end = end_of_name();
    const auto* comparison = std::find_if(
        kComparisons.begin(), kComparisons.end(),
        [&](const Comparison& c) { return end > at_ && text_.substr(end).starts_with(c.text); });
    if (comparison == kComparisons.end()) return words();
    const std::size_t name_at = at_;
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + comparison->text.size();
    if (name == "since" || name == "until") {
      bound(name, name_at, comparison->text);
      return group(Op::all_of, {});
    }
    if (name == "id") return record(name_at, comparison->text);
    Filter filter = named(name, name_at);
    if (comparison->text == ":" && take('(')) return choice(filter, at_ - 1);
    const bool colon = comparison == &kComparisons.back();
    filter = compare(std::move(filter), *comparison, colon ? value_or_regex() : value());
    if (!comparison->negated) return filter;
    return group(Op::none_of, {std::move(filter)});
  }

  // Behind the name that begins here, if one does.
  std::size_t end_of_name() const {
    if (text_.substr(at_).starts_with(kInProperties)) {
      std::string_view rest = text_.substr(at_ + kProperties.size());
      if (read_path(rest, kEndsName)) return text_.size() - rest.size();
      if (rest.starts_with('"')) fail(text_.size() - rest.size(), "this quote is never closed");
    }
    return std::min(text_.find_first_of(kEndsName, at_), text_.size());
  }

  // In the message.
  Filter words() {
    Filter filter;
    filter.field = Field::message;
    filter.op = Op::contains;
    if (end_of_regex({}) && !end_of_regex(kBlank)) {
      fail(at_, "a regular expression holds no blank",
           R"(write \s or "\ " for it, or quotes around a text that is none)");
    }
    const Value found = value_or_regex();
    if (found.regex) return compare(filter, kComparisons.back(), found);
    if (!found.quoted && found.text.find('*') != std::string::npos) {
      fail(found.at + found.text.find('*'), "a * stands for any text only in field:value",
           fmt::format("\"{}\" looks for the star itself", found.text));
    }
    filter.value = found.text;
    return filter;
  }

  Filter named(std::string_view name, std::size_t at) {
    Filter filter;
    if (const std::optional<Field> field = parse_field(name)) {
      filter.field = *field;
      return filter;
    }
    if (name.starts_with(kInProperties)) {
      std::string_view rest = name.substr(kProperties.size());
      auto path = read_path(rest, kEndsName);
      if (!path) fail(at, fmt::format("'{}' holds an empty name", name));
      filter.path = std::move(*path);
      return filter;
    }
    constexpr std::array<std::string_view, 4> kMore = {"id", "since", "until", kInProperties};
    const std::string meant = likely_field(name, kMore);
    fail(at, fmt::format("unknown field '{}'", name),
         meant.empty()
             ? fmt::format("a name inside properties is written {}; quotes make it a text "
                           "to look for in the message",
                           ways_to_write(name))
             : fmt::format("did you mean '{}'?", meant));
  }

  // properties.a.b, and for a name with dots in one piece properties."a.b".
  static std::string ways_to_write(std::string_view name) {
    std::string ways = fmt::format("{}{}", kInProperties, name);
    const std::vector<std::string> whole = {std::string(name)};
    if (const std::string other = property_name(whole); other != ways) ways += " or " + other;
    return ways;
  }

  // The one with this public id.
  Filter record(std::size_t at, std::string_view comparison) {
    const bool list = !at_end() && text_[at_] == '(';
    if ((comparison != ":" && comparison != "=") || list) {
      fail(at, "expected id:ID", list ? "of several: id:ID or id:ID" : "");
    }
    const Value written = value();
    const std::optional<Cursor> key = parse_cursor(written.text);
    if (!key) fail(written.at, "expected the `id` of a record, as answers give it");
    return group(Op::all_of,
                 {Filter{Field::timestamp, Op::equal, format_rfc3339(key->timestamp), {}},
                  Filter{Field::event_id, Op::equal, key->event_id, {}}});
  }

  // field:(a or b)
  Filter choice(const Filter& field, std::size_t begin) {
    std::vector<Filter> parts;
    do {
      skip_blank();
      if (++terms_ > kMostTerms) fail(at_, fmt::format("more than {} terms", kMostTerms));
      parts.push_back(compare(field, kComparisons.back(), value_or_regex()));
      skip_blank();
    } while (take_word("or"));
    if (!take(')')) {
      fail(at_, at_end() ? "the '(' of this list is never closed" : "expected 'or' or ')'",
           fmt::format("the list begins at column {}", column_of(text_, begin)));
    }
    if (parts.size() == 1) return std::move(parts.front());
    return group(Op::any_of, std::move(parts));
  }

  Filter compare(Filter filter, const Comparison& comparison, const Value& value) const {
    const bool colon = comparison.text == ":";
    const bool of_message = filter.path.empty() && filter.field == Field::message;
    filter.op = comparison.op;
    filter.value = value.text;
    if (colon && value.regex) {
      filter.op = Op::matches;
      check_regex(filter.value, value.at);
    } else if (colon) {
      const bool star = !value.quoted && value.text.find('*') != std::string::npos;
      if (!star && !value.quoted) refuse_comparison(filter, value);
      filter.op = star ? Op::like : of_message ? Op::contains : Op::equal;
      if (star && value.text == "*") {
        filter.op = Op::exists;
        filter.value.clear();
      } else if (star) {
        filter.value.clear();
        for (const char c : value.text) {
          if (c == '\\') filter.value += '\\';
          filter.value += c;
        }
      }
    }
    if (const std::string problem = comparison_problem(filter); !problem.empty()) {
      fail(value.at, problem);
    }
    if (filter.path.empty() && filter.field == Field::priority && filter.op == Op::equal) {
      check_priority(value);
    }
    return filter;
  }

  // A record has one of few: anything else is a typing error.
  void check_priority(const Value& value) const {
    if (std::ranges::find(kPriorities, value.text) != kPriorities.end()) return;
    const std::string_view near = nearest_name(lower_case(value.text), kPriorities);
    fail(value.at,
         fmt::format("priority: expected one of {}, found '{}'", fmt::join(kPriorities, ", "),
                     value.text),
         near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
  }

  // field:>3, as other languages have it.
  void refuse_comparison(const Filter& filter, const Value& value) const {
    const auto* sign = std::find_if(kComparisons.begin(), kComparisons.end(),
                                    [&](const auto& c) { return value.text.starts_with(c.text); });
    if (sign == kComparisons.end() || sign->text == ":") return;
    Filter meant = filter;
    meant.op = sign->op;
    meant.value = value.text.substr(sign->text.size());
    const bool possible = !meant.value.empty() && comparison_problem(meant).empty();
    fail(value.at, fmt::format("'{}' behind a ':'", sign->text),
         fmt::format("{}quotes around a text that begins so",
                     possible ? fmt::format("write {}{}, or ",
                                            place_name(filter.field, filter.path), value.text)
                              : std::string("put ")));
  }

  // Points at the sign that is wrong.
  void check_regex(std::string_view pattern, std::size_t at) const {
    std::optional<RegexProblem> problem = regex_problem(pattern);
    if (problem) fail(at + 1 + problem->at, problem->what, std::move(problem->hint));
  }

  // The slash that ends the regular expression which begins here; nothing when that is none: the
  // next slash has to end a word, so that paths stay words.
  std::optional<std::size_t> end_of_regex(std::string_view forbidden) const {
    if (at_end() || text_[at_] != '/') return std::nullopt;
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != '/') {
      if (forbidden.find(text_[end]) != std::string_view::npos) return std::nullopt;
      end += text_[end] == '\\' ? 2 : 1;
    }
    if (end >= text_.size() || end == at_ + 1) return std::nullopt;
    const std::string_view rest = text_.substr(end + 1);
    const std::string_view after = rest.starts_with('i') ? rest.substr(1) : rest;
    const bool ends_word = after.empty() || kEndsWord.find(after.front()) != std::string_view::npos;
    return ends_word ? std::optional(end) : std::nullopt;
  }

  // /.../ and /.../i; anything else that begins with a slash is a word, such as a path.
  Value value_or_regex() {
    const std::optional<std::size_t> end = end_of_regex(kBlank);
    if (!end) return value();
    Value result;
    result.regex = true;
    result.at = at_;
    const bool ignore_case = text_.substr(*end + 1).starts_with('i');
    if (ignore_case) result.text = kIgnoreCase;
    result.text += text_.substr(at_ + 1, *end - at_ - 1);
    at_ = *end + (ignore_case ? 2 : 1);
    return result;
  }

  Value value() {
    Value result;
    result.at = at_;
    if (take('"')) {
      result.quoted = true;
      while (!at_end() && text_[at_] != '"') {
        if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
        result.text += text_[at_++];
      }
      if (!take('"')) fail(result.at, "this quote is never closed");
    } else {
      result.text = word();
      at_ += result.text.size();
      if (!result.text.empty() && !at_end() && text_[at_] == '"') {
        fail(at_, "a quote in the middle of a word", "put all of the value into quotes");
      }
    }
    if (result.text.empty()) {
      const bool list = !at_end() && text_[at_] == '(' && !result.quoted;
      fail(result.at,
           list ? "a list of values goes with ':' only" : "expected a value, found nothing");
    }
    return result;
  }

  void bound(std::string_view name, std::size_t at, std::string_view comparison) {
    if (comparison != ":") fail(at, fmt::format("expected {}:TIME", name));
    const Value written = value();
    std::optional<Timestamp> time;
    if (const std::optional<microseconds> ago = parse_duration(written.text)) time = now_ - *ago;
    if (!time) time = parse_rfc3339(written.text);
    if (!time) {
      fail(written.at,
           fmt::format("{}: expected a duration before now such as 2h, or an RFC 3339 time, found "
                       "'{}'",
                       name, written.text));
    }
    std::optional<Timestamp>& side = name == "since" ? query_.since : query_.until;
    if (side) fail(at, fmt::format("{} was given twice", name));
    side = time;
    bound_at_ = at;
    ++bounds_;
  }
  // Since there were so many.
  void forbid_bounds(int before) const {
    if (bounds_ == before) return;
    fail(bound_at_, "since: and until: bound the whole question, and cannot stand in a part of it");
  }

  std::string_view text_;
  Timestamp now_;
  Query& query_;
  std::size_t at_ = 0;
  std::size_t terms_ = 0;
  std::size_t bound_at_ = 0;  // of the last bound
  int bounds_ = 0;
};

}  // namespace

void parse_text(std::string_view text, Timestamp now, Query& query) {
  Parser(text, now, query).parse();
}

}  // namespace logctl::query
