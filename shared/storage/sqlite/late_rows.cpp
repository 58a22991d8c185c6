#include "shared/storage/sqlite/late_rows.h"

#include "shared/base/ids.h"

namespace logctl::storage::sqlite {

LateRows::LateRows(Connection& connection)
    : marked_(connection.prepare_owned("SELECT 1 FROM index_mark")),
      insert_(connection.prepare_owned("INSERT INTO late_rows (timestamp) VALUES (?1)")) {}

void LateRows::begin() {
  noting_ = marked_.step();
  marked_.reset();
  last_.reset();
}

void LateRows::note(Timestamp time) {
  if (!noting_ || last_ == time) return;
  insert_.bind(1, to_micros(time));
  insert_.run();
  last_ = time;
}

std::optional<Marked> read_mark(Connection& day, std::size_t most) {
  // A day file of an earlier version has no marks yet.
  if (day.scalar("SELECT count(*) FROM sqlite_master WHERE name = 'index_mark'") == 0) return {};
  // One statement, so that token and times are of one moment.
  Statement select = day.prepare(
      "SELECT token, id, timestamp FROM index_mark LEFT JOIN late_rows ORDER BY id LIMIT ?1");
  select.bind(1, static_cast<std::int64_t>(most + 1));
  std::optional<Marked> marked;
  while (select.step()) {
    if (!marked) marked.emplace().token = select.text(0);
    if (select.is_null(1)) continue;
    marked->last_id = select.integer(1);
    marked->times.push_back(from_micros(select.integer(2)));
  }
  return marked;
}

std::string new_token(const Clock& clock) { return uuid_v7(clock.now()); }

std::string mark(Connection& day, const std::string& token) {
  Transaction transaction(day);
  Statement insert = day.prepare("INSERT INTO index_mark VALUES (1, ?1) ON CONFLICT DO NOTHING");
  insert.bind(1, token);
  insert.run();
  std::string found;
  {
    Statement read = day.prepare("SELECT token FROM index_mark");
    if (read.step()) found = read.text(0);
  }
  transaction.commit();
  return found;
}

void mark_anew(Connection& day, const std::string& token, std::int64_t last_id) {
  Transaction transaction(day);
  Statement update = day.prepare("UPDATE index_mark SET token = ?1");
  update.bind(1, token);
  update.run();
  Statement forget = day.prepare("DELETE FROM late_rows WHERE id <= ?1");
  forget.bind(1, last_id);
  forget.run();
  transaction.commit();
}

void unmark(Connection& day) {
  Transaction transaction(day);
  day.execute("DELETE FROM index_mark; DELETE FROM late_rows");
  transaction.commit();
}

}  // namespace logctl::storage::sqlite
