#include "shared/storage/sqlite/schema_objects.h"

#include "shared/storage/sql_text.h"
#include "shared/storage/sqlite/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// From the catalogue's tables rather than from the text of the statements: a table that was altered
// is the same as one that was made so.
constexpr const char* kObjects = R"sql(
WITH own AS (
  SELECT name, type, strict, wr FROM pragma_table_list
  WHERE schema = 'main' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
    AND name NOT IN ('schema_migrations', 'schema_journal'))
SELECT CASE type WHEN 'view' THEN 'view' ELSE 'table' END, name,
       type || CASE WHEN strict THEN ' strict' ELSE '' END || CASE WHEN wr THEN ' without rowid' ELSE '' END
FROM own
UNION ALL
SELECT 'column', own.name || '.' || c.name,
       c.type || CASE WHEN c."notnull" THEN ' not null' ELSE '' END
       || coalesce(' default ' || c.dflt_value, '') || CASE WHEN c.pk THEN ' key ' || c.pk ELSE '' END
FROM own, pragma_table_xinfo(own.name) AS c
UNION ALL
SELECT 'constraint', own.name || '.' || f.id || '.' || f.seq,
       'foreign key ' || f."from" || ' references ' || f."table" || ' ' || coalesce(f."to", '') || ' '
       || f.on_delete
FROM own, pragma_foreign_key_list(own.name) AS f
UNION ALL
SELECT 'index', own.name || '.' || CASE i.origin WHEN 'c' THEN i.name ELSE i.origin || i.seq END,
       CASE WHEN i."unique" THEN 'unique ' ELSE '' END
       || (SELECT group_concat(coalesce(x.name, 'expression'), ', ')
           FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno) AS x)
FROM own, pragma_index_list(own.name) AS i
UNION ALL
SELECT type, tbl_name || '.' || name, sql FROM sqlite_master WHERE type = 'trigger'
)sql";

}  // namespace

std::vector<SchemaObject> read_objects(Connection& connection) {
  std::vector<SchemaObject> objects;
  Statement select = connection.prepare(kObjects);
  while (select.step()) {
    objects.push_back({std::string(select.text(0)), std::string(select.text(1)),
                       headline(select.text(2), std::string::npos)});
  }
  std::sort(objects.begin(), objects.end());
  return objects;
}

std::vector<SchemaObject> objects_made_by(std::span<const std::string_view> texts) {
  Connection memory(":memory:", Mode::create, milliseconds(0));
  for (const std::string_view text : texts) memory.execute(definitions_of(text));
  return read_objects(memory);
}

std::optional<std::uint64_t> count_rows(Connection& connection, std::string_view table,
                                        std::uint64_t most) {
  if (!has_table(connection, table)) return std::nullopt;
  return static_cast<std::uint64_t>(connection.scalar(
      fmt::format("SELECT count(*) FROM (SELECT 1 FROM \"{}\" LIMIT {})", table, most)));
}

}  // namespace logctl::storage::sqlite
