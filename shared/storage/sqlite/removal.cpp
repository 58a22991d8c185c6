#include "shared/storage/sqlite/removal.h"

#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/ids.h"
#include "shared/base/time_text.h"
#include "shared/storage/books.h"
#include "shared/storage/sqlite/accounts.h"
#include "shared/storage/sqlite/day_gate.h"
#include "shared/storage/sqlite/day_writer.h"
#include "shared/storage/sqlite/index_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

constexpr milliseconds kPatience = seconds(5);
// While the gate is held nobody can open a day.
constexpr milliseconds kGatePatience(250);
constexpr std::string_view kRemoved = ".removed";
// Each fails only when a record comes in between.
constexpr int kAttempts = 5;

Connection connect(const std::filesystem::path& file, milliseconds patience = kPatience) {
  Connection connection(file, Mode::read_write, patience);
  connection.execute("PRAGMA synchronous = FULL");
  bring_up_day(connection);
  return connection;
}

void remove_file(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) == 0 || errno == ENOENT) return;
  throw Error(ErrorCode::io, fmt::format("remove '{}': {}", file.string(), errno_text(errno)));
}

RowsByTenant tenant_rows(Connection& connection) {
  RowsByTenant rows;
  Statement select = connection.prepare("SELECT tenant, rows FROM tenant_rows WHERE rows > 0");
  while (select.step()) {
    rows[std::string(select.text(0))] = static_cast<std::uint64_t>(select.integer(1));
  }
  return rows;
}

bool log_is_empty(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file.string() + "-wal", none);
  return none || size == 0;
}

// Everything of the write-ahead log into the file; false when a query is in the way.
bool empty_log(Connection& connection) {
  Statement checkpoint = connection.prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  return checkpoint.step() && checkpoint.integer(0) == 0;
}

Error in_use(const std::filesystem::path& file) {
  return Error(ErrorCode::locked,
               fmt::format("sqlite '{}': the day is in use, so it was not removed", file.string()),
               "it will be tried again; a query that runs for long keeps it");
}

// YYYY-MM-DD.TOKEN.removed
std::filesystem::path removed_name(const Directory& directory, Day day, std::string_view token) {
  return directory.logs() / fmt::format("{}.{}{}", format_day(day), token, kRemoved);
}

// What a removed file adds to the books of meta.sqlite, once.
void book(Connection& removed, Connection& meta, std::string_view token, std::string_view day,
          Timestamp now) {
  Transaction transaction(meta);
  Statement known = meta.prepare("SELECT 1 FROM removed_days WHERE token = ?1");
  known.bind(1, token);
  if (known.step()) return;
  known.reset();
  Statement add = meta.prepare(kAddToBooks);
  const auto add_one = [&add](std::string_view source, const Count& count) {
    add_to_books(add, source, std::span(&count, 1));
  };
  Statement select = removed.prepare("SELECT source, tenant, what, n FROM accounting");
  while (select.step()) {
    add_one(select.text(0),
            {select.text(1), select.text(2), static_cast<std::uint64_t>(select.integer(3))});
  }
  std::uint64_t sum = 0;
  for (const auto& [tenant, rows] : tenant_rows(removed)) {
    add_one(kDeletions, {tenant, kDeletedByRetention, rows});
    sum += rows;
  }
  Statement note = meta.prepare(
      "INSERT INTO removed_days (token, day, rows, removed_at) VALUES (?1, ?2, ?3, ?4)");
  note.bind(1, token);
  note.bind(2, day);
  note.bind(3, static_cast<std::int64_t>(sum));
  note.bind(4, to_micros(now));
  note.run();
  Statement forget = meta.prepare("DELETE FROM passed_days WHERE day = ?1");
  forget.bind(1, day);
  forget.run();
  transaction.commit();
}

// The day has gone already: what is left of them, the next pass over the indexes removes.
void remove_indexes(const Directory& directory, std::string_view day) {
  for (const std::filesystem::path& file : index_files(directory)) {
    const auto name = parse_index_file(file);
    std::error_code ignored;
    if (name && format_day(name->first) == day) std::filesystem::remove(file, ignored);
  }
}

void finish(const Directory& directory, const std::filesystem::path& file, Connection& meta,
            Timestamp now) {
  const std::string name = file.filename().string();
  const std::string_view text = std::string_view(name).substr(0, name.size() - kRemoved.size());
  const std::size_t dot = text.find('.');
  {
    Connection removed = connect(file);
    book(removed, meta, text.substr(dot == std::string_view::npos ? 0 : dot + 1),
         text.substr(0, dot), now);
  }
  remove_log_files(file);
  remove_file(file);
  sync_directory(directory.logs());
  remove_indexes(directory, text.substr(0, dot));
}

std::vector<std::filesystem::path> files_of(const Directory& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory.logs(), failed)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::optional<OpenDay> open_to_change(const Directory& directory, Day day) {
  const DayGate opening(directory.logs(), Sharing::shared);
  const std::filesystem::path file = directory.day_file(day);
  const auto identity = identity_of(file);
  if (!identity) return std::nullopt;
  return OpenDay{connect(file), *identity};
}

std::uint64_t remove_rows(const Directory& directory, Day day, std::string_view tenant,
                          std::span<const RowKey> rows, std::string_view booked_as) {
  if (rows.empty()) return 0;
  auto open = open_to_change(directory, day);
  if (!open) return 0;
  Connection& connection = open->connection;
  Transaction transaction(connection);
  if (identity_of(connection.file()) != open->identity) return 0;
  Statement remove =
      connection.prepare("DELETE FROM logs WHERE timestamp = ?1 AND event_id = ?2 AND tenant = ?3");
  Statement forget = connection.prepare(
      "DELETE FROM recent_ids WHERE timestamp = ?1 AND event_id = ?2 AND tenant = ?3");
  std::int64_t removed = 0;
  for (const RowKey& row : rows) {
    for (Statement* statement : {&remove, &forget}) {
      statement->bind(1, to_micros(row.timestamp));
      statement->bind(2, row.event_id);
      statement->bind(3, tenant);
      statement->run();
      if (statement == &remove) removed += connection.changes();
    }
  }
  if (removed == 0) return 0;
  Statement count = connection.prepare("UPDATE tenant_rows SET rows = rows - ?1 WHERE tenant = ?2");
  count.bind(1, removed);
  count.bind(2, tenant);
  count.run();
  Statement add = connection.prepare(kAddToBooks);
  const Count counted{tenant, booked_as, static_cast<std::uint64_t>(removed)};
  add_to_books(add, kDeletions, std::span(&counted, 1));
  transaction.commit();
  return static_cast<std::uint64_t>(removed);
}

std::optional<std::uint64_t> remove_day(const Directory& directory, Day day,
                                        const DayStore::Agree& agree, Connection& meta,
                                        Timestamp now) {
  const std::filesystem::path file = directory.day_file(day);
  std::filesystem::path renamed;
  std::uint64_t sum = 0;
  {
    const DayGate alone(directory.logs(), Sharing::exclusive);
    if (!identity_of(file)) return std::nullopt;
    Connection connection = connect(file, kGatePatience);
    for (int attempt = 0; renamed.empty(); ++attempt) {
      if (attempt == kAttempts || !empty_log(connection)) throw in_use(file);
      const Transaction nobody_adds(connection);
      if (!log_is_empty(file)) continue;
      const RowsByTenant rows = tenant_rows(connection);
      if (!agree(rows)) return std::nullopt;
      for (const auto& [tenant, count] : rows) sum += count;
      renamed = removed_name(directory, day, uuid_v7(now));
      if (::rename(file.c_str(), renamed.c_str()) != 0) {
        throw Error(ErrorCode::io,
                    fmt::format("rename '{}': {}", file.string(), errno_text(errno)));
      }
      remove_log_files(file);
      sync_directory(directory.logs());
    }
  }
  finish(directory, renamed, meta, now);
  return sum;
}

std::size_t finish_removals(const Directory& directory, Connection& meta, Timestamp now) {
  std::size_t finished = 0;
  for (const std::filesystem::path& file : files_of(directory)) {
    if (file.extension() != kRemoved) continue;
    finish(directory, file, meta, now);
    ++finished;
  }
  return finished;
}

}  // namespace logctl::storage::sqlite
