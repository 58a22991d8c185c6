#include "shared/backup/postgres_cut.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/storage/postgres/table_copy.h"
#include "shared/storage/steps.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <vector>

namespace logctl::backup {
namespace {

using storage::postgres::Connection;
using storage::postgres::quoted_name;
using storage::postgres::Result;
using storage::postgres::ServerError;

constexpr std::string_view kWhat = "set the store aside";
constexpr std::string_view kRehearsal = "try the first steps of a restore";
constexpr std::string_view kCut = "cut off what came later";

// Every table that a schema step has ever made.
std::set<std::string> own_tables(const Manifest& manifest) {
  std::set<std::string> names = {"schema_migrations", "schema_journal"};
  for (const Table& table : manifest.tables) names.insert(table.name);
  constexpr std::string_view kCreate = "CREATE TABLE ";
  for (const storage::Step& step : storage::steps_of("postgres")) {
    for (std::size_t at = step.up.find(kCreate); at != std::string_view::npos;
         at = step.up.find(kCreate, at + 1)) {
      std::string_view rest = step.up.substr(at + kCreate.size());
      names.emplace(rest.substr(0, rest.find_first_of(" (\n")));
    }
  }
  return names;
}

void require_own(Connection& connection, const Manifest& manifest) {
  const Result found = connection.execute(
      kWhat,
      fmt::format(
          "SELECT c.relname FROM pg_class c WHERE c.relnamespace = {}::regnamespace AND "
          "c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT EXISTS (SELECT 1 FROM pg_inherits i "
          "WHERE i.inhrelid = c.oid) AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = "
          "'pg_class'::regclass AND d.objid = "
          "c.oid AND d.deptype = 'e') ORDER BY c.relname",
          connection.quote(quoted_name(manifest.schema))));
  const std::set<std::string> own = own_tables(manifest);
  std::vector<std::string> others;
  for (int row = 0; row < found.rows(); ++row) {
    std::string name(found.value(row, 0));
    if (!own.contains(name)) others.push_back(std::move(name));
  }
  if (others.empty()) return;
  throw Error(ErrorCode::conflict,
              fmt::format("schema '{}' also holds what is not logctl's: {}", manifest.schema,
                          fmt::join(others, ", ")),
              "restore into another database, or move those tables first");
}

void require_unused(Connection& connection) {
  const Result others = connection.execute(
      kWhat,
      "SELECT pid, application_name FROM pg_stat_activity WHERE datname = current_database() AND "
      "pid <> pg_backend_pid() AND application_name LIKE 'logctl%' ORDER BY pid LIMIT 1");
  if (others.rows() == 0) return;
  throw Error(ErrorCode::conflict,
              fmt::format("the store is in use: process {} of the server serves '{}'",
                          others.value(0, 0), others.value(0, 1)),
              "stop the daemons and every other logctl first");
}

void rename_schema(Connection& connection, const Manifest& manifest, const std::string& aside) {
  connection.execute(
      kWhat,
      fmt::format("ALTER SCHEMA {0} RENAME TO {1}; CREATE SCHEMA {0}; {2}",
                  quoted_name(manifest.schema), quoted_name(aside),
                  // As every database has it.
                  manifest.schema == "public" ? "GRANT USAGE ON SCHEMA public TO PUBLIC" : ""));
}

std::int64_t to_integer(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// Takes `rows` off one sum of a source, over its lanes.
void take_off(Connection& connection, std::string_view source, std::string_view tenant,
              std::string_view what, std::int64_t rows) {
  const std::string where =
      fmt::format("source = {} AND tenant = {} AND what = {}", connection.quote(source),
                  connection.quote(tenant), connection.quote(what));
  const Result lanes = connection.execute(
      kCut, fmt::format("SELECT lane, n FROM accounting WHERE {} ORDER BY n DESC", where));
  for (int row = 0; row < lanes.rows() && rows > 0; ++row) {
    const std::int64_t part = std::min(rows, to_integer(lanes.value(row, 1)));
    connection.execute(kCut, fmt::format("UPDATE accounting SET n = n - {} WHERE {} AND lane = {}",
                                         part, where, lanes.value(row, 0)));
    rows -= part;
  }
}

void correct_books(Connection& connection, std::string_view tenant, std::int64_t rows) {
  const Result sources = connection.execute(
      kCut,
      fmt::format("SELECT source, sum(n)::bigint FROM accounting WHERE tenant = {} AND what = "
                  "'stored' GROUP BY source ORDER BY 2 DESC",
                  connection.quote(tenant)));
  for (int row = 0; row < sources.rows() && rows > 0; ++row) {
    const std::int64_t part = std::min(rows, to_integer(sources.value(row, 1)));
    take_off(connection, sources.value(row, 0), tenant, "stored", part);
    take_off(connection, sources.value(row, 0), tenant, "received", part);
    rows -= part;
  }
}

}  // namespace

std::string schema_aside(Connection& connection, const Manifest& manifest) {
  std::string aside;
  for (int n = 1; aside.empty() || n < 1000; ++n) {
    aside = fmt::format("{}_before_{}{}", manifest.schema, manifest.id,
                        n == 1 ? std::string() : fmt::format("_{}", n));
    const Result taken = connection.execute(
        kWhat,
        fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = {}", connection.quote(aside)));
    if (taken.rows() == 0) break;
  }
  return aside;
}

void make_schema(Connection& connection, const std::string& schema) {
  const Result there = connection.execute(
      "look for the schema",
      fmt::format("SELECT 1 FROM pg_namespace WHERE nspname = {}", connection.quote(schema)));
  // Not with IF NOT EXISTS: that asks for the right to make one even when it is there.
  if (there.rows() == 0) {
    connection.execute("make the schema", "CREATE SCHEMA " + quoted_name(schema));
  }
}

void rehearse_restore(Connection& connection, const Manifest& manifest, bool replaces) {
  if (replaces) {
    require_unused(connection);
    require_own(connection, manifest);
  }
  connection.execute(kRehearsal, "BEGIN; SET LOCAL lock_timeout = '10s'");
  if (replaces) rename_schema(connection, manifest, schema_aside(connection, manifest));
  make_schema(connection, manifest.schema);
  connection.execute(kRehearsal,
                     fmt::format("CREATE TABLE {}.rehearsal ()", quoted_name(manifest.schema)));
  const Result found = connection.execute(kRehearsal, "SELECT current_schema()");
  const std::string schema(found.value(0, 0));
  connection.execute(kRehearsal, "ROLLBACK");
  if (schema == manifest.schema) return;
  throw Error(ErrorCode::conflict,
              fmt::format("the backup is of schema '{}', but connections work in schema '{}'",
                          manifest.schema, schema),
              "set search_path in database.options or in the role");
}

std::string set_schema_aside(Connection& connection, const Manifest& manifest) {
  require_unused(connection);
  require_own(connection, manifest);
  const std::string aside = schema_aside(connection, manifest);
  connection.execute(kWhat, "BEGIN; SET LOCAL lock_timeout = '10s'");
  rename_schema(connection, manifest, aside);
  connection.execute(kWhat, "COMMIT");
  return fmt::format("schema '{}'", aside);
}

std::uint64_t cut_off_postgres(Connection& connection, Timestamp until) {
  const std::string time = connection.quote(format_rfc3339(until));
  connection.execute(kCut, "BEGIN");
  const Result removed = connection.execute(
      kCut, fmt::format("WITH gone AS (DELETE FROM logs WHERE received_at > {}::timestamptz "
                        "RETURNING tenant) SELECT tenant, count(*) FROM gone GROUP BY tenant",
                        time));
  std::uint64_t sum = 0;
  for (int row = 0; row < removed.rows(); ++row) {
    const std::int64_t rows = to_integer(removed.value(row, 1));
    correct_books(connection, removed.value(row, 0), rows);
    sum += static_cast<std::uint64_t>(rows);
  }
  connection.execute(kCut, fmt::format("DELETE FROM recent_ids WHERE seen_at > {0}::timestamptz; "
                                       "DELETE FROM imports WHERE updated_at > {0}::timestamptz; "
                                       "COMMIT",
                                       time));
  return sum;
}

}  // namespace logctl::backup
