#include "shared/storage/sqlite/index_builder.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/sql_binder.h"
#include "shared/storage/sqlite/index_file.h"
#include "shared/storage/sqlite/late_rows.h"
#include "shared/storage/sqlite/removal.h"
#include "shared/storage/sqlite/rows.h"

#include <fmt/format.h>

#include <list>
#include <optional>
#include <set>

namespace logctl::storage::sqlite {
namespace {

std::string token_of(const std::filesystem::path& file) {
  try {
    return IndexFile(file).token();
  } catch (const Error&) {  // not there, or damaged
    return {};
  }
}

// The fields that have a file under this token.
std::set<std::string> fields_of(const Directory& directory, Day day, const std::string& token) {
  std::set<std::string> fields;
  for (const auto& entry : std::filesystem::directory_iterator(directory.indexes())) {
    const auto name = parse_index_file(entry.path());
    if (name && name->first == day && token_of(entry.path()) == token) fields.insert(name->second);
  }
  return fields;
}

// The time of each row, and what each index is about.
query::Sql rows_for(const std::list<IndexWriter>& writers) {
  query::Binder sql(query::Dialect::sqlite);
  sql.add("SELECT timestamp");
  for (const IndexWriter& writer : writers) {
    sql.add(", ");
    switch (writer.field().kind) {
      case IndexField::Kind::column:
        sql.add(query::field_name(writer.field().column));
        break;
      case IndexField::Kind::property:
        sql.add(query::sqlite_property(writer.field().path, sql));
        break;
      case IndexField::Kind::text:
        sql.add("message");
        break;
    }
  }
  sql.add(" FROM logs ORDER BY timestamp");
  return sql.take();
}

void write_files(Connection& connection, std::list<IndexWriter>& writers, Day day,
                 const std::atomic<bool>& stop) {
  const query::Sql sql = rows_for(writers);
  Statement row = connection.prepare(sql.text);
  bind_values(row, sql);
  std::size_t rows = 0;  // of the current block
  TimeSpan span;
  const auto end_block = [&] {
    for (IndexWriter& writer : writers) writer.end_block(span);
    rows = 0;
    if (stop) {
      throw Error(ErrorCode::unavailable,
                  fmt::format("indexes of {}: interrupted", format_day(day)));
    }
  };
  while (row.step()) {
    const Timestamp time = from_micros(row.integer(0));
    // Blocks are apart from each other: none ends between records of the same time.
    if (rows >= kRowsPerBlock && time != span.last) end_block();
    if (rows == 0) span.first = time;
    span.last = time;
    ++rows;
    int column = 0;
    for (IndexWriter& writer : writers) writer.add(row.text(++column));
  }
  if (rows > 0) end_block();
}

}  // namespace

void build_indexes_of(const Directory& directory, const Clock& clock, Day day,
                      std::span<const std::string> fields, const std::atomic<bool>& stop) {
  std::optional<OpenDay> open = open_to_change(directory, day);
  if (!open) return;
  Connection& connection = open->connection;
  directory.create_indexes();
  std::string token = mark(connection, new_token(clock));
  // From here on, everything that is not seen by the pass is noted.
  connection.execute("BEGIN");
  const std::optional<Marked> marked = read_mark(connection, kLateRowsBehind);
  const std::int64_t last_id = connection.scalar("SELECT coalesce(max(id), 0) FROM late_rows");
  const bool behind = marked && marked->times.size() > kLateRowsBehind;
  const std::set<std::string> there = fields_of(directory, day, token);
  std::set<std::string> targets(fields.begin(), fields.end());
  if (behind) {
    token = new_token(clock);
    targets.insert(there.begin(), there.end());
  } else {
    for (const std::string& field : there) targets.erase(field);
  }
  std::list<IndexWriter> writers;
  for (const std::string& field : targets) {
    writers.emplace_back(index_file(directory, day, field), parse_index_field(field), token);
  }
  if (!writers.empty()) write_files(connection, writers, day, stop);
  for (IndexWriter& writer : writers) writer.finish();
  connection.execute("COMMIT");
  // Until this is done, the new files carry a token that nobody asks for.
  if (behind) mark_anew(connection, token, last_id);
}

}  // namespace logctl::storage::sqlite
