#include "shared/storage/postgres/schema_objects.h"

#include "shared/storage/postgres/timescale.h"
#include "shared/storage/sql_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace logctl::storage::postgres {
namespace {

constexpr std::string_view kRead = "read the schema";
constexpr std::string_view kMake = "make the expected schema for comparison";

// Names are pretty-printed, that is, without the schema where the search path finds them: so the
// same object has the same definition in any schema.
constexpr std::string_view kObjects = R"sql(
WITH place AS (SELECT oid FROM pg_namespace WHERE nspname = {}),
own AS (
  SELECT c.* FROM pg_class c JOIN place p ON c.relnamespace = p.oid
  WHERE c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid)
    AND c.relname NOT IN ('schema_migrations', 'schema_journal'))
SELECT 'table' AS kind, relname::text AS name,
       CASE relkind WHEN 'p' THEN 'partitioned by ' || pg_get_partkeydef(oid) ELSE 'plain' END AS definition
FROM own
UNION ALL
SELECT 'column', own.relname || '.' || a.attname,
       format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid, true), '')
FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = own.oid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint', own.relname || '.' || k.conname, pg_get_constraintdef(k.oid, true)
FROM own JOIN pg_constraint k ON k.conrelid = own.oid WHERE k.contype <> 'n'
UNION ALL
SELECT 'index', x.relname::text,
       pg_get_indexdef(x.oid, 0, true) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END
FROM own JOIN pg_index i ON i.indrelid = own.oid JOIN pg_class x ON x.oid = i.indexrelid
UNION ALL
SELECT 'function', f.proname || '(' || pg_get_function_identity_arguments(f.oid) || ')', md5(f.prosrc)
FROM pg_proc f JOIN place p ON f.pronamespace = p.oid
WHERE NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = f.oid AND d.deptype = 'e')
UNION ALL
SELECT 'trigger', own.relname || '.' || t.tgname, pg_get_triggerdef(t.oid, true)
FROM own JOIN pg_trigger t ON t.tgrelid = own.oid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'view', v.relname::text, pg_get_viewdef(v.oid, true)
FROM pg_class v JOIN place p ON v.relnamespace = p.oid WHERE v.relkind IN ('v', 'm')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = v.oid AND d.deptype = 'e')
)sql";

// Undone, whatever happened inside.
class Scratch {
 public:
  explicit Scratch(Connection& connection) : connection_(connection) {
    connection_.execute(kMake, "BEGIN");
  }
  ~Scratch() {
    try {
      if (!connection_.broken()) connection_.execute(kMake, "ROLLBACK");
    } catch (const Error&) {  // the connection's end undoes it as well
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

 private:
  Connection& connection_;
};

// As the store that it is compared with, from the step on that makes this function.
bool has_reached_hypertable(Connection& connection) {
  const Result found =
      connection.execute(kMake,
                         "SELECT to_regprocedure('uncount_deleted_row()') IS NOT NULL AND "
                         "(SELECT relkind FROM pg_class WHERE oid = to_regclass('logs')) = 'p'");
  return found.value(0, 0) == "t";
}

}  // namespace

std::vector<SchemaObject> read_objects(Connection& connection, const std::string& schema) {
  const Result found = connection.execute(
      kRead, fmt::format(kObjects, schema.empty() ? "current_schema()" : connection.quote(schema)));
  std::vector<SchemaObject> objects;
  for (int i = 0; i < found.rows(); ++i) {
    objects.push_back({std::string(found.value(i, 0)), std::string(found.value(i, 1)),
                       headline(found.value(i, 2), std::string::npos)});
  }
  std::sort(objects.begin(), objects.end());
  return objects;
}

std::vector<SchemaObject> objects_made_by(Connection& connection,
                                          std::span<const std::string_view> texts,
                                          const std::string& schema) {
  const bool hypertable = is_hypertable(connection);
  const Scratch scratch(connection);
  const std::string name = fmt::format("logctl_check_{}", connection.backend_pid());
  try {
    connection.execute(
        kMake, schema.empty()
                   ? fmt::format("CREATE SCHEMA {0}; SET LOCAL search_path = {0}", name)
                   : fmt::format("SET LOCAL lock_timeout = '10s'; DROP SCHEMA IF EXISTS {} CASCADE",
                                 schema));
  } catch (const ServerError& error) {
    if (error.sqlstate() != "42501") throw;
    throw Error(error.code(), error.message(),
                "the comparison is made in a schema that is rolled back: grant the role CREATE on "
                "the database, or let a role that has it do this");
  }
  for (const std::string_view text : texts) {
    const std::string definitions = definitions_of(text);
    if (!definitions.empty()) connection.execute(kMake, definitions);
    if (hypertable && has_reached_hypertable(connection)) make_hypertable(connection);
  }
  return read_objects(connection, schema);
}

}  // namespace logctl::storage::postgres
