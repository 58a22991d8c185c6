// One SQL statement in the making. Every value goes through `bind`, so no user text is ever SQL
// text.
#pragma once

#include "shared/base/clock.h"
#include "shared/query/sql.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::query {

class Binder {
 public:
  explicit Binder(Dialect dialect) : dialect_(dialect) {}

  bool postgres() const { return dialect_ == Dialect::postgres; }
  void add(std::string_view text) { sql_.text += text; }
  // The placeholder of a new parameter.
  std::string bind(SqlValue value);
  // PostgreSQL gets the parameter itself as timestamptz: a constant for the planner, which then
  // leaves out partitions and estimates from statistics.
  std::string bind_time(Timestamp time);
  Sql take();

 private:
  Dialect dialect_;
  Sql sql_;
};

// ` FROM <source> WHERE <the rows that match>`: tenant, bounds of time and filters of the question.
// `source` is our own text and has the columns that these name.
void where(Binder& sql, const Query& query, std::string_view source);

// The property at `path` in PostgreSQL's terms.
struct PostgresProperty {
  std::string text;    // NULL when there is none; that of objects and arrays too
  std::string kind;    // `string`, `number`, `object`, ...
  std::string number;  // an error where it is none
};
PostgresProperty postgres_property(const std::vector<std::string>& path, Binder& binder);
// In SQLite's terms: as the text that filters compare, NULL for objects and arrays; and that text
// only where it is a number.
std::string sqlite_property(const std::vector<std::string>& path, Binder& binder);
std::string sqlite_property_number(const std::vector<std::string>& path, Binder& binder);

// What the filter asks of a row, as a condition in parentheses where it needs them. Throws
// Error{validation_error} when it cannot be asked.
std::string condition(const Filter& filter, Binder& binder);

}  // namespace logctl::query
