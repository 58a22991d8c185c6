#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/compare.h"
#include "shared/query/number.h"
#include "shared/query/regex.h"
#include "shared/query/sql_binder.h"
#include "shared/query/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {
namespace {

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

std::string keys(const std::vector<std::string>& path, Binder& binder) {
  std::string arguments;
  for (const std::string& key : path) {
    if (!arguments.empty()) arguments += ", ";
    arguments += binder.bind(key);
  }
  return arguments;
}

// As PostgreSQL reads it. Strict: what is not there, or is no object on the way, is an error to the
// path, which the operators that take one make of no effect.
std::string json_path(const std::vector<std::string>& keys) {
  std::string path = "strict $";
  for (const std::string& key : keys) path += '.' + in_quotes(key);
  return path;
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
    if (filter.op == Op::exists || !compares_value(filter.op)) {
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
    std::string list;
    for (const std::string_view name : level_names(filter.op, *parse_level(filter.value))) {
      if (!list.empty()) list += ", ";
      list += binder_.bind(std::string(name));
    }
    return list.empty() ? "FALSE" : "level IN (" + list + ")";
  }

  std::string text(const std::string& expression, const Filter& filter) {
    switch (filter.op) {
      case Op::exists:
        return expression + " IS NOT NULL";
      case Op::contains: {
        if (!binder_.postgres()) {
          return fmt::format("logctl_contains({}, {})", expression, binder_.bind(filter.value));
        }
        // With "C", letters beyond ASCII keep their case, as on SQLite.
        const std::string pattern = binder_.bind("%" + like_literal(filter.value) + "%");
        return fmt::format("{} COLLATE \"C\" ILIKE {} ESCAPE '\\'", expression, pattern);
      }
      case Op::matches:
        if (binder_.postgres()) {
          return fmt::format("{} COLLATE \"C\" ~ {}", expression,
                             binder_.bind(postgres_regex(filter.value)));
        }
        return fmt::format("logctl_matches({}, {})", expression, binder_.bind(filter.value));
      case Op::like: {
        const std::string pattern = binder_.bind(wildcard(filter.value, binder_.postgres()));
        if (binder_.postgres()) {
          return fmt::format("{} COLLATE \"C\" LIKE {} ESCAPE '\\'", expression, pattern);
        }
        return fmt::format("{} GLOB {}", expression, pattern);
      }
      default:
        return fmt::format("{} = {}", expression, binder_.bind(filter.value));
    }
  }

  std::string property(const Filter& filter) {
    if (!binder_.postgres()) {
      const std::string value = binder_.bind(filter.value);
      return fmt::format("logctl_property_passes(properties, {}, {}, {})",
                         static_cast<int>(filter.op), value, keys(filter.path, binder_));
    }
    if (compares_value(filter.op) && filter.op != Op::equal) {
      const std::string path = json_path(filter.path) + " " + std::string(sign_of(filter.op)) +
                               " " + plain_number(filter.value);
      return fmt::format("properties @@ {}::jsonpath", binder_.bind(path));
    }
    const PostgresProperty found = postgres_property(filter.path, binder_);
    if (filter.op == Op::exists) return found.text + " IS NOT NULL";
    if (filter.op == Op::equal) return property_equals(filter, found);
    return without_containers(text(found.text, filter), found);
  }

  // A number is compared as it is written without an exponent. The plain form first: an index on
  // the property serves it.
  std::string property_equals(const Filter& filter, const PostgresProperty& found) {
    const std::string equal = fmt::format("{} = {}", found.text, binder_.bind(filter.value));
    if (const std::string number = as_property_number(filter.value); number != filter.value) {
      return fmt::format("CASE {} WHEN 'number' THEN {} = {} ELSE {} END", found.kind, found.text,
                         binder_.bind(number), equal);
    }
    // Only these can be the text of an object or an array.
    const bool clear = !filter.value.starts_with('{') && !filter.value.starts_with('[');
    return clear ? equal : without_containers(equal, found);
  }

  static std::string without_containers(const std::string& condition,
                                        const PostgresProperty& found) {
    return fmt::format("({} AND {} NOT IN ('object', 'array'))", condition, found.kind);
  }

  Binder& binder_;
};

}  // namespace

PostgresProperty postgres_property(const std::vector<std::string>& path, Binder& binder) {
  std::string parent = "properties";
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    parent += " -> " + binder.bind(path[i]) + "::text";
  }
  const std::string key = binder.bind(path.back()) + "::text";
  const std::string item = parent + " -> " + key;
  return {fmt::format("({} ->> {})", parent, key), "jsonb_typeof(" + item + ")",
          "(" + item + ")::numeric"};
}

std::string sqlite_property(const std::vector<std::string>& path, Binder& binder) {
  return "logctl_property(properties, " + keys(path, binder) + ")";
}

std::string sqlite_property_number(const std::vector<std::string>& path, Binder& binder) {
  return "logctl_property_number(properties, " + keys(path, binder) + ")";
}

std::string condition(const Filter& filter, Binder& binder) {
  if (std::string problem = comparison_problem(filter); !problem.empty()) {
    throw Error(ErrorCode::validation_error, std::move(problem));
  }
  return Condition(binder).of(filter);
}

}  // namespace logctl::query
