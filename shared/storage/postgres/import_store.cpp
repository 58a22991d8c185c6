#include "shared/storage/postgres/import_store.h"

#include "shared/storage/postgres/rows.h"

#include <string>
#include <utility>

namespace logctl::storage::postgres {
namespace {

constexpr const char* kFind =
    "SELECT id, size, (extract(epoch from modified_at)*1000000)::bigint, inode, head_sha256, "
    "tail_sha256, (extract(epoch from started_at)*1000000)::bigint, "
    "(extract(epoch from updated_at)*1000000)::bigint, "
    "(extract(epoch from finished_at)*1000000)::bigint, tool_version "
    "FROM imports WHERE tenant = $1 AND file = $2 ORDER BY updated_at DESC, id COLLATE \"C\"";
constexpr const char* kFindRanges =
    "SELECT begin_at, end_at, lines, stored, duplicates, rejected FROM import_ranges "
    "WHERE tenant = $1 AND file = $2 AND id = $3 ORDER BY begin_at";
constexpr const char* kSave =
    "INSERT INTO imports (tenant, file, id, size, modified_at, inode, head_sha256, tail_sha256, "
    "started_at, updated_at, finished_at, tool_version) VALUES ($1, $2, $3, $4::bigint, "
    "$5::timestamptz, $6::bigint, $7, $8, $9::timestamptz, $10::timestamptz, $11::timestamptz, "
    "$12) "
    "ON CONFLICT (tenant, file, id) DO UPDATE SET size = EXCLUDED.size, "
    "modified_at = EXCLUDED.modified_at, inode = EXCLUDED.inode, "
    "head_sha256 = EXCLUDED.head_sha256, tail_sha256 = EXCLUDED.tail_sha256, "
    "started_at = EXCLUDED.started_at, updated_at = EXCLUDED.updated_at, "
    "finished_at = EXCLUDED.finished_at, tool_version = EXCLUDED.tool_version";
constexpr const char* kClearRanges =
    "DELETE FROM import_ranges WHERE tenant = $1 AND file = $2 AND id = $3";
constexpr const char* kSaveRange =
    "INSERT INTO import_ranges (tenant, file, id, begin_at, end_at, lines, stored, duplicates, "
    "rejected) VALUES ($1, $2, $3, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::bigint, "
    "$9::bigint)";

std::uint64_t number(const pqxx::field& field) {
  return static_cast<std::uint64_t>(read_integer(field));
}

// As the column type bigint holds it.
std::string number(std::uint64_t value) { return std::to_string(static_cast<std::int64_t>(value)); }

Import read_import(const pqxx::row& row, std::string_view tenant, std::string_view file) {
  Import import;
  import.tenant = tenant;
  import.id = row[0].c_str();
  import.file.name = file;
  import.file.size = number(row[1]);
  import.file.modified_at = read_time(row[2]).value_or(Timestamp{});
  import.file.inode = number(row[3]);
  import.file.head_sha256 = row[4].c_str();
  import.file.tail_sha256 = row[5].c_str();
  import.started_at = read_time(row[6]).value_or(Timestamp{});
  import.updated_at = read_time(row[7]).value_or(Timestamp{});
  import.finished_at = read_time(row[8]);
  import.tool_version = row[9].c_str();
  return import;
}

}  // namespace

PostgresImportStore::PostgresImportStore(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

std::vector<Import> PostgresImportStore::find(std::string_view tenant, std::string_view file) {
  std::vector<Import> imports;
  pool_->read("look for imports of the file", [&](Session& session) {
    imports.clear();
    for (const auto& row : session.run(kFind, {std::string(tenant), std::string(file)})) {
      imports.push_back(read_import(row, tenant, file));
    }
    for (Import& import : imports) {
      for (const auto& row :
           session.run(kFindRanges, {import.tenant, import.file.name, import.id})) {
        import.ranges.push_back({number(row[0]), number(row[1]), number(row[2]), number(row[3]),
                                 number(row[4]), number(row[5])});
      }
    }
  });
  return imports;
}

// Repeated, it leaves the same. A lost commit that is still on its way holds the import's row, so
// that the repetition comes behind it.
void PostgresImportStore::save(const Import& import) {
  pool_->change_repeatedly("record the import of the file", [&](Session& session) {
    const ImportFile& file = import.file;
    session.run(
        kSave,
        {import.tenant, file.name, import.id, number(file.size), time_text(file.modified_at),
         number(file.inode), file.head_sha256, file.tail_sha256, time_text(import.started_at),
         time_text(import.updated_at), time_value(import.finished_at), import.tool_version});
    session.run(kClearRanges, {import.tenant, file.name, import.id});
    for (const ImportRange& range : import.ranges) {
      session.run(kSaveRange, {import.tenant, file.name, import.id, number(range.begin),
                               number(range.end), number(range.lines), number(range.stored),
                               number(range.duplicates), number(range.rejected)});
    }
  });
}

}  // namespace logctl::storage::postgres
