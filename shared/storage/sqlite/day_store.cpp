#include "shared/storage/sqlite/day_store.h"

#include "shared/base/error.h"
#include "shared/base/time_text.h"
#include "shared/query/sql.h"
#include "shared/storage/sqlite/index_file.h"
#include "shared/storage/sqlite/meta.h"
#include "shared/storage/sqlite/removal.h"
#include "shared/storage/sqlite/rows.h"
#include "shared/storage/sqlite/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Connections are closed at once: an open one would keep the space of a removed file.
constexpr std::size_t kKeptOpen = 0;
// Rewriting a file is worth it from so much free space, and from this share of the file.
constexpr std::int64_t kLeastFree = 1 << 20;
constexpr std::int64_t kFreeShare = 4;

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

}  // namespace

SqliteDayStore::SqliteDayStore(Directory directory, Access access, const Clock& clock,
                               std::shared_ptr<const WriteLoad> writers)
    : directory_(std::move(directory)),
      access_(access),
      clock_(clock),
      write_load_(std::move(writers)),
      days_(directory_),
      readers_(directory_, kKeptOpen),
      indexes_(directory_, kKeptOpen),
      meta_(open_meta(directory_, access)) {}

void SqliteDayStore::require_writable() const {
  if (access_ == Access::read_write) return;
  throw Error(ErrorCode::storage,
              fmt::format("sqlite '{}': opened for reading only", directory_.root().string()));
}

DayInfo SqliteDayStore::describe(Day day, Timestamp now) {
  DayInfo info;
  info.day = day;
  for (const auto& [tenant, count] : rows(day)) info.rows += count;
  info.bytes = bytes(day);
  info.state = state_of(day, now, mark(day), stamp(day));
  return info;
}

std::uint64_t SqliteDayStore::bytes(Day day) {
  const std::string file = directory_.day_file(day).string();
  std::uint64_t bytes = size_of(file) + size_of(file + "-wal");
  for (const std::filesystem::path& index : index_files(directory_)) {
    const auto name = parse_index_file(index);
    if (name && name->first == day) bytes += size_of(index);
  }
  return bytes;
}

RowsByTenant SqliteDayStore::rows(Day day) {
  RowsByTenant rows;
  auto reader = readers_.open(day, Deadline::max());
  if (!reader) return rows;
  Statement select = (*reader)->prepare("SELECT tenant, rows FROM tenant_rows WHERE rows > 0");
  while (select.step()) {
    rows[std::string(select.text(0))] = static_cast<std::uint64_t>(select.integer(1));
  }
  return rows;
}

std::uint64_t SqliteDayStore::count(const query::Query& query) {
  return Search(days_, readers_, indexes_, *write_load_, Deadline::max()).count(query);
}

std::optional<Timestamp> SqliteDayStore::newest() {
  std::vector<Day> all = directory_.days();
  std::reverse(all.begin(), all.end());
  for (const Day day : all) {
    auto reader = readers_.open(day, Deadline::max());
    if (!reader) continue;
    Statement select = (*reader)->prepare("SELECT max(max(timestamp), max(received_at)) FROM logs");
    if (select.step() && !select.is_null(0)) return from_micros(select.integer(0));
  }
  return std::nullopt;
}

// Found without a lock, however long that takes, and then removed by key: a row does not change.
DayStore::Piece SqliteDayStore::remove(const query::Query& query, std::string_view booked_as,
                                       std::size_t most, std::optional<query::Cursor>& position) {
  require_writable();
  const Day day = day_of(query.since.value());
  std::vector<RowKey> keys;
  {
    auto reader = readers_.open(day, Deadline::max());
    if (!reader) return {};
    query::Sql sql =
        query::select_columns("timestamp, event_id", query, {}, query::Dialect::sqlite);
    const auto bind = [&sql](query::SqlValue value) {
      sql.values.push_back(std::move(value));
      return fmt::format("?{}", sql.values.size());
    };
    if (position) {
      const std::string time = bind(to_micros(position->timestamp));
      sql.text +=
          fmt::format(" AND (timestamp, event_id) > ({}, {})", time, bind(position->event_id));
    }
    sql.text += " ORDER BY timestamp, event_id LIMIT " + bind(static_cast<std::int64_t>(most));
    Statement select = (*reader)->prepare(sql.text);
    bind_values(select, sql);
    while (select.step()) {
      keys.push_back({from_micros(select.integer(0)), std::string(select.text(1))});
    }
  }
  if (keys.empty()) return {};
  Piece piece;
  piece.rows = remove_rows(directory_, day, query.tenant, keys, booked_as);
  piece.more = keys.size() == most;
  position = query::Cursor{keys.back().timestamp, keys.back().event_id};
  return piece;
}

std::optional<std::uint64_t> SqliteDayStore::drop(Day day, const Agree& agree) {
  require_writable();
  const Lock lock(mutex_);
  return remove_day(directory_, day, agree, meta_, clock_.now());
}

std::size_t SqliteDayStore::finish_drops() {
  require_writable();
  const Lock lock(mutex_);
  return finish_removals(directory_, meta_, clock_.now());
}

std::uint64_t SqliteDayStore::compact(Day day) {
  require_writable();
  const std::uint64_t before = bytes(day);
  try {
    auto open = open_to_change(directory_, day);
    if (!open) return 0;
    Connection& connection = open->connection;
    const std::int64_t free = connection.scalar("PRAGMA freelist_count");
    const std::int64_t all = connection.scalar("PRAGMA page_count");
    if (free * kFreeShare < all || free * connection.scalar("PRAGMA page_size") < kLeastFree) {
      return 0;
    }
    connection.execute("VACUUM");
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (const Error& error) {
    // Somebody writes to it, or the disk has no room for a copy: it stays as it is.
    if (error.code() == ErrorCode::locked || error.code() == ErrorCode::unavailable) return 0;
    throw;
  }
  const std::uint64_t after = bytes(day);
  return before - std::min(before, after);
}

// The books grow with every record that comes, duplicates too, and with every one that goes.
std::string SqliteDayStore::stamp(Day day) {
  const auto identity = identity_of(directory_.day_file(day));
  auto reader = readers_.open(day, Deadline::max());
  if (!identity || !reader) return {};
  if ((*reader)->scalar("PRAGMA user_version") < 2) return {};  // no books yet
  return fmt::format("{}:{}", identity->inode,
                     (*reader)->scalar("SELECT coalesce(sum(n), 0) FROM accounting"));
}

std::string SqliteDayStore::mark(Day day) {
  const Lock lock(mutex_);
  Statement select = meta_.prepare("SELECT mark FROM passed_days WHERE day = ?1");
  const std::string name = format_day(day);
  select.bind(1, name);
  return select.step() ? std::string(select.text(0)) : std::string();
}

void SqliteDayStore::set_mark(Day day, const std::string& mark) {
  require_writable();
  const Lock lock(mutex_);
  Statement upsert =
      meta_.prepare("INSERT OR REPLACE INTO passed_days (day, mark) VALUES (?1, ?2)");
  const std::string name = format_day(day);
  upsert.bind(1, name);
  upsert.bind(2, mark);
  upsert.run();
}

}  // namespace logctl::storage::sqlite
