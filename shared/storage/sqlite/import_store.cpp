#include "shared/storage/sqlite/import_store.h"

#include "shared/storage/sqlite/meta.h"

namespace logctl::storage::sqlite {
namespace {

std::uint64_t number(const Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

// ?1 to ?3: the key that both tables share.
void bind_key(Statement& statement, const Import& import) {
  statement.bind(1, import.tenant);
  statement.bind(2, import.file.name);
  statement.bind(3, import.id);
}

}  // namespace

SqliteImportStore::SqliteImportStore(const Directory& directory, Access access)
    : connection_(open_meta(directory, access)) {}

std::vector<Import> SqliteImportStore::find(std::string_view tenant, std::string_view file) {
  const Lock lock(mutex_);
  std::vector<Import> imports;
  Statement select = connection_.prepare(
      "SELECT id, size, modified_at, inode, head_sha256, tail_sha256, started_at, updated_at, "
      "finished_at, tool_version FROM imports WHERE tenant = ?1 AND file = ?2 "
      "ORDER BY updated_at DESC, id");
  select.bind(1, tenant);
  select.bind(2, file);
  while (select.step()) {
    Import& import = imports.emplace_back();
    import.tenant = tenant;
    import.id = select.text(0);
    import.file.name = file;
    import.file.size = number(select, 1);
    import.file.modified_at = from_micros(select.integer(2));
    import.file.inode = number(select, 3);
    import.file.head_sha256 = select.text(4);
    import.file.tail_sha256 = select.text(5);
    import.started_at = from_micros(select.integer(6));
    import.updated_at = from_micros(select.integer(7));
    if (!select.is_null(8)) import.finished_at = from_micros(select.integer(8));
    import.tool_version = select.text(9);
  }
  Statement ranges = connection_.prepare(
      "SELECT begin_at, end_at, lines, stored, duplicates, rejected FROM import_ranges "
      "WHERE tenant = ?1 AND file = ?2 AND id = ?3 ORDER BY begin_at");
  for (Import& import : imports) {
    ranges.reset();
    bind_key(ranges, import);
    while (ranges.step()) {
      import.ranges.push_back({number(ranges, 0), number(ranges, 1), number(ranges, 2),
                               number(ranges, 3), number(ranges, 4), number(ranges, 5)});
    }
  }
  return imports;
}

void SqliteImportStore::save(const Import& import) {
  const Lock lock(mutex_);
  Transaction transaction(connection_);
  Statement upsert = connection_.prepare(
      "INSERT OR REPLACE INTO imports (tenant, file, id, size, modified_at, inode, head_sha256, "
      "tail_sha256, started_at, updated_at, finished_at, tool_version) "
      "VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
  bind_key(upsert, import);
  upsert.bind(4, number(import.file.size));
  upsert.bind(5, to_micros(import.file.modified_at));
  upsert.bind(6, number(import.file.inode));
  upsert.bind(7, import.file.head_sha256);
  upsert.bind(8, import.file.tail_sha256);
  upsert.bind(9, to_micros(import.started_at));
  upsert.bind(10, to_micros(import.updated_at));
  if (import.finished_at) upsert.bind(11, to_micros(*import.finished_at));
  upsert.bind(12, import.tool_version);
  upsert.run();
  Statement clear =
      connection_.prepare("DELETE FROM import_ranges WHERE tenant = ?1 AND file = ?2 AND id = ?3");
  bind_key(clear, import);
  clear.run();
  Statement insert = connection_.prepare(
      "INSERT INTO import_ranges (tenant, file, id, begin_at, end_at, lines, stored, duplicates, "
      "rejected) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)");
  for (const ImportRange& range : import.ranges) {
    bind_key(insert, import);
    insert.bind(4, number(range.begin));
    insert.bind(5, number(range.end));
    insert.bind(6, number(range.lines));
    insert.bind(7, number(range.stored));
    insert.bind(8, number(range.duplicates));
    insert.bind(9, number(range.rejected));
    insert.run();
  }
  transaction.commit();
}

}  // namespace logctl::storage::sqlite
