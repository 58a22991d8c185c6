#include "shared/storage/sqlite/snapshot.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kPatience = seconds(5);

std::string quoted_name(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

void digest_row(const Statement& row, std::size_t columns, RowDigest& digest) {
  digest.begin();
  for (std::size_t i = 0; i < columns; ++i) {
    const int column = static_cast<int>(i);
    switch (row.type(column)) {
      case SQLITE_INTEGER:
        digest.integer(i, row.integer(column));
        break;
      case SQLITE_FLOAT:
        digest.real(i, row.real(column));
        break;
      case SQLITE_TEXT:
        digest.text(i, row.text(column));
        break;
      case SQLITE_BLOB:
        digest.blob(i, row.text(column));
        break;
      default:
        break;
    }
  }
  digest.end();
}

}  // namespace

void copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  Connection source(from, Mode::read_only, kPatience);
  Connection target(to, Mode::create, kPatience);
  target.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
  target.copy_from(source);
}

std::vector<std::string> table_names(Connection& connection) {
  std::vector<std::string> names;
  Statement select = connection.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
      "ORDER BY name");
  while (select.step()) names.emplace_back(select.text(0));
  return names;
}

std::vector<std::string> column_names(Connection& connection, std::string_view table) {
  std::vector<std::string> names;
  Statement select = connection.prepare("SELECT name FROM pragma_table_info(?1)");
  select.bind(1, table);
  while (select.step()) names.emplace_back(select.text(0));
  std::sort(names.begin(), names.end());
  return names;
}

TableDigest digest_table(Connection& connection, const std::string& table,
                         const std::vector<std::string>& columns) {
  std::vector<std::string> list;
  for (const std::string& column : columns) list.push_back(quoted_name(column));
  RowDigest digest(table, columns);
  Statement select = connection.prepare(
      fmt::format("SELECT {} FROM {}", fmt::join(list, ", "), quoted_name(table)));
  while (select.step()) digest_row(select, columns.size(), digest);
  return digest.result();
}

void require_unused(const std::filesystem::path& file) {
  Connection connection(file, Mode::read_write, milliseconds(0));
  // Whoever has a database with a write-ahead log open holds a shared lock on the file itself.
  connection.execute("PRAGMA locking_mode = EXCLUSIVE");
  connection.scalar("SELECT count(*) FROM sqlite_master");
}

}  // namespace logctl::storage::sqlite
