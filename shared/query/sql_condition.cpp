#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/compare.h"
#include "shared/query/sql_binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {
namespace {

constexpr std::array kStoredLevels = {Level::trace,  Level::debug,    Level::info,
                                      Level::notice, Level::warn,     Level::warning,
                                      Level::error,  Level::critical, Level::fatal};

std::string_view sign_of(Op op) {
  switch (op) {
    case Op::less:
      return "<";
    case Op::at_most:
      return "<=";
    case Op::more:
      return ">";
    case Op::at_least:
      return ">=";
    default:
      return "=";
  }
}

bool holds(int left, Op op, int right) {
  switch (op) {
    case Op::less:
      return left < right;
    case Op::at_most:
      return left <= right;
    case Op::more:
      return left > right;
    case Op::at_least:
      return left >= right;
    default:
      return left == right;
  }
}

// SQLite's paths have no escape inside quotes.
std::string sqlite_path(const std::vector<std::string>& keys) {
  std::string path = "$";
  for (const std::string& key : keys) {
    if (key.find_first_of("\"\\") != std::string::npos) {
      throw Error(ErrorCode::validation_error,
                  fmt::format("properties: the name `{}` holds a double quote or a backslash, "
                              "which this store cannot look up",
                              key));
    }
    path += ".\"" + key + '"';
  }
  return path;
}

// Only text loses its quotes; numbers, true and false compare as they are written.
std::string property_text(std::string_view path) {
  return fmt::format(
      "CASE json_type(properties, {0}) WHEN 'text' THEN properties ->> {0} "
      "WHEN 'null' THEN NULL ELSE properties -> {0} END",
      path);
}

std::string like_literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}
std::string glob_literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '[') {
      out += '[';
      out += c;
      out += ']';
    } else {
      out += c;
    }
  }
  return out;
}

// `*` and literal text -> LIKE (PostgreSQL) or GLOB (SQLite, whose LIKE knows no case).
std::string wildcard(std::string_view pattern, bool postgres) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      out += postgres ? '%' : '*';
      continue;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const std::string_view literal = pattern.substr(i, 1);
    out += postgres ? like_literal(literal) : glob_literal(literal);
  }
  return out;
}

class Condition {
 public:
  explicit Condition(Binder& binder) : binder_(binder) {}

  std::string of(const Filter& filter) {
    switch (filter.op) {
      case Op::any_of:
        return group(filter.parts, " OR ", "FALSE");
      case Op::all_of:
        return group(filter.parts, " AND ", "TRUE");
      case Op::none_of:
        // Unknown is not true: a row without the field passes.
        return group(filter.parts, " OR ", "FALSE") + " IS NOT TRUE";
      default:
        break;
    }
    if (!filter.path.empty()) return property(filter);
    if (filter.op == Op::exists || filter.op == Op::contains || filter.op == Op::like) {
      return text(std::string(field_name(filter.field)), filter);
    }
    return column(filter);
  }

 private:
  std::string group(const std::vector<Filter>& parts, std::string_view by, std::string_view none) {
    std::string out;
    for (const Filter& part : parts) {
      if (!out.empty()) out += by;
      out += of(part);
    }
    return "(" + (out.empty() ? std::string(none) : out) + ")";
  }

  std::string column(const Filter& filter) {
    const std::string_view name = field_name(filter.field);
    const std::string_view sign = sign_of(filter.op);
    if (is_time(filter.field)) {
      return fmt::format("{} {} {}", name, sign, binder_.bind_time(*parse_rfc3339(filter.value)));
    }
    if (filter.field == Field::sequence_number) {
      std::int64_t number = 0;
      std::from_chars(filter.value.data(), filter.value.data() + filter.value.size(), number);
      return fmt::format("{} {} {}", name, sign, binder_.bind(number));
    }
    if (filter.field == Field::level) return level(filter);
    return fmt::format("{} {} {}", name, sign, binder_.bind(filter.value));
  }

  // `warn` and `warning` are one severity: asking for either finds both.
  std::string level(const Filter& filter) {
    const int severity = level_severity(*parse_level(filter.value));
    std::string list;
    for (const Level level : kStoredLevels) {
      if (!holds(level_severity(level), filter.op, severity)) continue;
      if (!list.empty()) list += ", ";
      list += binder_.bind(std::string(level_name(level)));
    }
    return list.empty() ? "FALSE" : "level IN (" + list + ")";
  }

  std::string text(const std::string& expression, const Filter& filter) {
    switch (filter.op) {
      case Op::exists:
        return expression + " IS NOT NULL";
      case Op::contains:
        return fmt::format("{} {} {} ESCAPE '\\'", expression,
                           binder_.postgres() ? "ILIKE" : "LIKE",
                           binder_.bind("%" + like_literal(filter.value) + "%"));
      case Op::like: {
        const std::string pattern = binder_.bind(wildcard(filter.value, binder_.postgres()));
        if (binder_.postgres()) return fmt::format("{} LIKE {} ESCAPE '\\'", expression, pattern);
        return fmt::format("{} GLOB {}", expression, pattern);
      }
      default:
        return fmt::format("{} = {}", expression, binder_.bind(filter.value));
    }
  }

  std::string property(const Filter& filter) {
    const std::string_view sign = sign_of(filter.op);
    const bool by_order = filter.op != Op::equal && sign != "=";
    if (binder_.postgres()) {
      std::string parent = "properties";
      for (std::size_t i = 0; i + 1 < filter.path.size(); ++i) {
        parent += " -> " + binder_.bind(filter.path[i]) + "::text";
      }
      const std::string key = binder_.bind(filter.path.back()) + "::text";
      if (!by_order) return text(fmt::format("({} ->> {})", parent, key), filter);
      return fmt::format(
          "CASE jsonb_typeof({0} -> {1}) WHEN 'number' THEN ({0} -> {1})::numeric {2} "
          "{3}::numeric END",
          parent, key, sign, binder_.bind(filter.value));
    }
    const std::string path = binder_.bind(sqlite_path(filter.path));
    if (by_order) {
      return fmt::format(
          "CASE WHEN json_type(properties, {0}) IN ('integer', 'real') THEN properties ->> {0} {1} "
          "CAST({2} AS NUMERIC) END",
          path, sign, binder_.bind(filter.value));
    }
    return text(property_text(path), filter);
  }

  Binder& binder_;
};

}  // namespace

std::string sqlite_property(const std::vector<std::string>& path, Binder& binder) {
  return property_text(binder.bind(sqlite_path(path)));
}

std::string condition(const Filter& filter, Binder& binder) {
  if (std::string problem = comparison_problem(filter); !problem.empty()) {
    throw Error(ErrorCode::validation_error, std::move(problem));
  }
  return Condition(binder).of(filter);
}

}  // namespace logctl::query
