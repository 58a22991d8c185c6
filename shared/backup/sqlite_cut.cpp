#include "shared/backup/sqlite_cut.h"

#include "shared/storage/sqlite/connection.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace logctl::backup {
namespace {

using storage::sqlite::Connection;
using storage::sqlite::Mode;
using storage::sqlite::Statement;
using storage::sqlite::Transaction;

constexpr milliseconds kPatience = seconds(5);

// Takes `rows` off what is received and stored in the books of this day, source by source.
void correct_books(Connection& connection, const std::string& tenant, std::int64_t rows) {
  std::vector<std::pair<std::string, std::int64_t>> sources;
  {
    Statement select = connection.prepare(
        "SELECT source, n FROM accounting WHERE tenant = ?1 AND what = 'stored' ORDER BY n DESC");
    select.bind(1, tenant);
    while (select.step()) sources.emplace_back(select.text(0), select.integer(1));
  }
  Statement take = connection.prepare(
      "UPDATE accounting SET n = n - ?1 WHERE source = ?2 AND tenant = ?3 AND what IN ('stored', "
      "'received')");
  for (const auto& [source, stored] : sources) {
    const std::int64_t part = std::min(rows, stored);
    if (part <= 0) break;
    take.bind(1, part);
    take.bind(2, source);
    take.bind(3, tenant);
    take.run();
    rows -= part;
  }
  Statement count = connection.prepare(
      "UPDATE tenant_rows SET rows = "
      "(SELECT count(*) FROM logs WHERE tenant = ?1) "
      "WHERE tenant = ?1");
  count.bind(1, tenant);
  count.run();
}

std::uint64_t cut_off_day(const std::filesystem::path& file, Timestamp until) {
  Connection connection(file, Mode::read_write, kPatience);
  Transaction transaction(connection);
  std::map<std::string, std::int64_t> removed;
  {
    Statement select = connection.prepare(
        "SELECT tenant, count(*) FROM logs WHERE received_at > ?1 GROUP BY tenant");
    select.bind(1, to_micros(until));
    while (select.step()) removed[std::string(select.text(0))] = select.integer(1);
  }
  if (removed.empty()) return 0;
  for (const char* sql :
       {"DELETE FROM logs WHERE received_at > ?1", "DELETE FROM recent_ids WHERE seen_at > ?1"}) {
    Statement remove = connection.prepare(sql);
    remove.bind(1, to_micros(until));
    remove.run();
  }
  std::uint64_t sum = 0;
  for (const auto& [tenant, rows] : removed) {
    correct_books(connection, tenant, rows);
    sum += static_cast<std::uint64_t>(rows);
  }
  transaction.commit();
  return sum;
}

}  // namespace

std::uint64_t cut_off_sqlite(const storage::sqlite::Directory& directory, Timestamp until) {
  std::uint64_t removed = 0;
  for (const storage::sqlite::Day day : directory.days()) {
    removed += cut_off_day(directory.day_file(day), until);
  }
  Connection meta(directory.meta_file(), Mode::read_write, kPatience);
  Transaction transaction(meta);
  for (const char* sql :
       {"DELETE FROM import_ranges WHERE EXISTS (SELECT 1 FROM imports i WHERE i.tenant = "
        "import_ranges.tenant AND i.file = import_ranges.file AND i.id = import_ranges.id AND "
        "i.updated_at > ?1)",
        "DELETE FROM imports WHERE updated_at > ?1"}) {
    Statement forget = meta.prepare(sql);
    forget.bind(1, to_micros(until));
    forget.run();
  }
  transaction.commit();
  return removed;
}

}  // namespace logctl::backup
