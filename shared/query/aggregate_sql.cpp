#include "shared/query/aggregate_sql.h"

#include "shared/base/error.h"
#include "shared/query/compare.h"
#include "shared/query/sql_binder.h"

#include <fmt/format.h>

#include <array>
#include <string>

namespace logctl::query {
namespace {

constexpr std::string_view kRows = "logs";
constexpr std::string_view kPostgresRollups =
    "(SELECT minute AS timestamp, tenant, service, level, event_type, event_name, n FROM rollups "
    "UNION ALL SELECT minute, tenant, service, level, event_type, event_name, n "
    "FROM rollup_deltas) AS counted";
constexpr std::string_view kPostgresSums =
    "(SELECT day AS timestamp, tenant, service, level, event_type, event_name, n FROM rollup_sums "
    "UNION ALL SELECT minute, tenant, service, level, event_type, event_name, n "
    "FROM rollup_deltas) AS counted";
constexpr std::string_view kSqliteRollups =
    "(SELECT minute AS timestamp, tenant, nullif(service, '') AS service, nullif(level, '') AS "
    "level, nullif(event_type, '') AS event_type, nullif(event_name, '') AS event_name, n "
    "FROM rollups)";
constexpr std::string_view kSqliteSums =
    "(SELECT day AS timestamp, tenant, nullif(service, '') AS service, nullif(level, '') AS "
    "level, nullif(event_type, '') AS event_type, nullif(event_name, '') AS event_name, n "
    "FROM rollup_sums)";
constexpr std::string_view kNewestFirst = " ORDER BY timestamp DESC, event_id DESC LIMIT ";

constexpr std::array kFacetColumns = {Field::service,     Field::level,    Field::event_type,
                                      Field::event_name,  Field::priority, Field::host,
                                      Field::app_version, Field::user_id,  Field::session_id};

std::string_view table(Source source, const Binder& sql) {
  switch (source) {
    case Source::rows:
      break;
    case Source::rollups:
      return sql.postgres() ? kPostgresRollups : kSqliteRollups;
    case Source::sums:
      return sql.postgres() ? kPostgresSums : kSqliteSums;
  }
  return kRows;
}

// The start of the bucket in microseconds. Of rows, whole minutes first, so that no fraction is
// lost; all other times are whole minutes. date_part is a float8, extract would be a slow numeric.
std::string bucket(microseconds step, Source source, const Binder& sql) {
  const std::int64_t micros = step.count();
  if (!sql.postgres()) {
    return fmt::format("timestamp - ((timestamp % {0}) + {0}) % {0}", micros);
  }
  const std::string_view minute =
      source == Source::rows ? "date_trunc('minute', timestamp)" : "timestamp";
  return fmt::format("floor(date_part('epoch', {}) / {})::bigint * {}", minute, micros / 1'000'000,
                     micros);
}

// The levels of one severity are counted as one.
std::string counted_level_text() {
  std::string cases;
  for (const std::string_view name : level_names(Op::at_least, Level::none)) {
    const std::string_view counted = counted_level(*parse_level(name));
    if (counted != name) cases += fmt::format(" WHEN '{}' THEN '{}'", name, counted);
  }
  return fmt::format("CASE level{} ELSE level END", cases);
}

// A column's value as text, as it is counted.
std::string column_text(Field field, bool postgres) {
  const std::string name(field_name(field));
  if (field == Field::level) return counted_level_text();
  if (is_time(field) && postgres) {
    return fmt::format("(extract(epoch FROM {}) * 1000000)::bigint::text", name);
  }
  if (is_text(field)) return name;
  return postgres ? name + "::text" : fmt::format("CAST({} AS TEXT)", name);
}

// A subject's value as text; SQLite gets numbers, true and false as they are written.
std::string value_text(const Subject& subject, Binder& sql) {
  if (subject.path.empty()) return column_text(subject.field, sql.postgres());
  if (!sql.postgres()) return sqlite_property(subject.path, sql);
  const PostgresProperty found = postgres_property(subject.path, sql);
  return fmt::format("CASE WHEN {} NOT IN ('object', 'array') THEN {} END", found.kind, found.text);
}

// A subject's value as a number; nothing where it is none.
std::string value_number(const Subject& subject, Binder& sql) {
  if (subject.path.empty()) {
    return sql.postgres() ? "sequence_number::numeric" : "sequence_number";
  }
  if (!sql.postgres()) {
    return fmt::format("CAST({} AS NUMERIC)", sqlite_property_number(subject.path, sql));
  }
  const PostgresProperty found = postgres_property(subject.path, sql);
  return fmt::format("CASE {} WHEN 'number' THEN {} END", found.kind, found.number);
}

std::string postgres_result(const Calc& calc, Binder& sql) {
  switch (calc.measure) {
    case Measure::count:
      return "count(*)::float8";
    case Measure::distinct:
      return fmt::format("count(DISTINCT {})::float8", value_text(calc.subject, sql));
    case Measure::sum:
    case Measure::avg:
    case Measure::min:
    case Measure::max: {
      const Calc bare{calc.measure, calc.subject, 0};
      const std::string name = calc_name(bare);
      return fmt::format("{}({})::float8", name.substr(0, name.find('(')),
                         value_number(calc.subject, sql));
    }
    case Measure::percentile:
      break;
  }
  return fmt::format("percentile_disc({:.2f}) WITHIN GROUP (ORDER BY {})::float8",
                     calc.rank / 100.0, value_number(calc.subject, sql));
}

// Many counts are of one time: added up first, they need its bucket computed once.
Sql select_rolled_up(const Grouping& question, Source source) {
  Binder sql(Dialect::postgres);
  std::string values;
  std::string names;
  std::string positions = " GROUP BY 1";
  for (std::size_t i = 0; i < question.by.size(); ++i) {
    values += fmt::format("{} AS value_{}, ", value_text(question.by[i], sql), i);
    names += fmt::format("value_{}, ", i);
    positions += fmt::format(", {}", i + 2);
  }
  sql.add(fmt::format("SELECT {}, {}sum(n)::bigint FROM (SELECT timestamp, {}sum(n) AS n",
                      bucket(*question.step, source, sql), names, values));
  where(sql, question.query, table(source, sql));
  sql.add(positions + ") AS by_time" + positions);
  return sql.take();
}

}  // namespace

std::span<const Field> facet_columns() { return kFacetColumns; }

Sql select_groups(const Grouping& question, Source source, Dialect dialect) {
  if (question.step && source != Source::rows && dialect == Dialect::postgres) {
    return select_rolled_up(question, source);
  }
  Binder sql(dialect);
  std::string columns;
  std::string positions;
  std::size_t position = 0;
  const auto add = [&](const std::string& column) {
    columns += column + ", ";
    positions += fmt::format("{}{}", position == 0 ? " GROUP BY " : ", ", position + 1);
    ++position;
  };
  if (question.step) add(bucket(*question.step, source, sql));
  for (const Subject& subject : question.by) add(value_text(subject, sql));
  const std::string_view count = source == Source::rows ? "count(*)" : "coalesce(sum(n), 0)";
  sql.add(fmt::format("SELECT {}{}{}", columns, count, sql.postgres() ? "::bigint" : ""));
  where(sql, question.query, table(source, sql));
  sql.add(positions);
  return sql.take();
}

Sql select_counted(const Grouping& question, Source source) {
  Binder sql(Dialect::sqlite);
  std::string columns = question.step ? "timestamp, " : "";
  for (const Subject& subject : question.by) columns += value_text(subject, sql) + ", ";
  sql.add("SELECT " + columns + (source == Source::rows ? "1" : "n"));
  where(sql, question.query, table(source, sql));
  return sql.take();
}

Sql select_values(const ValuesQuestion& question, Source source, Dialect dialect) {
  Binder sql(dialect);
  const std::string value = value_text(question.subject, sql);
  const std::string_view count = source == Source::rows ? "count(*)" : "sum(n)";
  sql.add(fmt::format("SELECT {}, {}{}", value, count, sql.postgres() ? "::bigint" : ""));
  where(sql, question.query, table(source, sql));
  sql.add(fmt::format(" AND {} IS NOT NULL", value));
  if (!question.prefix.empty()) {
    // Characters in PostgreSQL and in SQLite, where the value may be a number.
    sql.add(sql.postgres()
                ? fmt::format(" AND starts_with({}, {})", value, sql.bind(question.prefix))
                : fmt::format(" AND substr({}, 1, length({})) = {}", value,
                              sql.bind(question.prefix), sql.bind(question.prefix)));
  }
  sql.add(" GROUP BY 1");
  return sql.take();
}

Sql select_facet_sample(const Query& query, std::uint32_t most, Dialect dialect) {
  Binder sql(dialect);
  std::string columns;
  for (const Field field : kFacetColumns) columns += column_text(field, sql.postgres()) + ", ";
  sql.add("SELECT " + columns + "properties");
  where(sql, query, kRows);
  sql.add(std::string(kNewestFirst) + sql.bind(static_cast<std::int64_t>(most)));
  return sql.take();
}

Sql select_stats(const StatsQuestion& question) {
  Binder sql(Dialect::postgres);
  std::string columns;
  std::string positions;
  std::string order = " ORDER BY count(*) DESC";
  for (std::size_t i = 0; i < question.by.size(); ++i) {
    const std::string value = value_text(question.by[i], sql);
    columns += fmt::format("{}, ", value);
    positions += fmt::format("{}{}", i == 0 ? " GROUP BY " : ", ", i + 1);
    order += fmt::format(", ({}) COLLATE \"C\" NULLS LAST", value);
  }
  columns += "count(*)";
  for (const Calc& calc : question.calcs) columns += ", " + postgres_result(calc, sql);
  sql.add("SELECT " + columns + ", count(*) OVER ()");
  where(sql, question.query, kRows);
  sql.add(positions + order + " LIMIT " + sql.bind(static_cast<std::int64_t>(question.limit)));
  return sql.take();
}

Sql select_measured(const StatsQuestion& question) {
  Binder sql(Dialect::sqlite);
  std::string columns;
  const auto add = [&columns](const std::string& column) {
    columns += (columns.empty() ? "" : ", ") + column;
  };
  for (const Subject& subject : question.by) add(value_text(subject, sql));
  for (const Calc& calc : question.calcs) {
    if (calc.measure == Measure::count) {
      add("NULL");
    } else {
      add(calc.measure == Measure::distinct ? value_text(calc.subject, sql)
                                            : value_number(calc.subject, sql));
    }
  }
  sql.add("SELECT " + (columns.empty() ? std::string("NULL") : columns));
  where(sql, question.query, kRows);
  return sql.take();
}

Sql select_bounded_count(const Query& query, std::uint64_t most, Dialect dialect) {
  Binder sql(dialect);
  const std::string_view time =
      sql.postgres() ? "(extract(epoch FROM timestamp) * 1000000)::bigint" : "timestamp";
  sql.add(fmt::format("SELECT count(*), min(time) FROM (SELECT {} AS time", time));
  where(sql, query, kRows);
  sql.add(std::string(kNewestFirst) + sql.bind(static_cast<std::int64_t>(most)) + ") AS newest");
  return sql.take();
}

}  // namespace logctl::query
