#include "shared/storage/sqlite/day_writer.h"

#include "shared/base/file.h"
#include "shared/storage/books.h"
#include "shared/storage/sqlite/accounts.h"
#include "shared/storage/sqlite/day_gate.h"
#include "shared/storage/sqlite/ledger.h"
#include "shared/storage/sqlite/rows.h"
#include "shared/storage/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace logctl::storage::sqlite {
namespace {

// Records of some 500 bytes fill such pages well and make the tree one level lower.
constexpr int kPageBytes = 8192;
// A log that has grown larger is cut to this when it begins anew.
constexpr int kKeptLogBytes = 64 * 1024 * 1024;

const std::vector<Step>& day_steps() {
  static const std::vector<Step> steps = steps_of("sqlite-day");
  return steps;
}

enum class Recorded { no, yes };

// Within the caller's transaction, so that a day file is never between two versions.
void bring_up(Connection& connection, Recorded recorded) {
  const auto newest = static_cast<std::int64_t>(day_steps().size());
  const std::int64_t version = connection.scalar("PRAGMA user_version");
  if (version > newest) {
    throw Error(
        ErrorCode::drift,
        fmt::format("sqlite '{}': the file has schema version {}, this binary knows versions "
                    "up to {}",
                    connection.file().string(), version, newest),
        "install a newer logctl");
  }
  for (const Step& step : day_steps()) {
    if (step.version <= version) continue;
    connection.execute(std::string(step.up));
    connection.execute(fmt::format("PRAGMA user_version = {}", step.version));
    if (recorded == Recorded::yes) {
      put_ledger_row(
          connection,
          LedgerRow{
              step.version, step.name, step.sha256, system_clock().now(), {}, LOGCTL_VERSION});
    }
  }
}

// What a removal that was cut off left behind would be taken for the new file's.
void clear_leftovers(const Directory& directory, Day day) {
  const std::string file = directory.day_file(day).string();
  const auto left = [&file] {
    return !identity_of(file) && (identity_of(file + "-wal") || identity_of(file + "-shm"));
  };
  if (!left()) return;
  const DayGate alone(directory.logs(), Sharing::exclusive);
  if (left()) remove_log_files(file);
}

Connection open_day(const Directory& directory, Day day, milliseconds patience) {
  Connection connection(directory.day_file(day), Mode::create, patience);
  connection.execute(fmt::format("PRAGMA page_size = {}", kPageBytes));
  use_write_ahead_log(connection, patience);
  connection.execute(
      fmt::format("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = {}", kKeptLogBytes));
  connection.leave_log();
  bring_up_day(connection);
  // Whoever made the file may have died before doing this.
  sync_directory(directory.logs());
  return connection;
}

DayGate open_gate(const Directory& directory, Day day) {
  clear_leftovers(directory, day);
  return DayGate(directory.logs(), Sharing::shared);
}

FileIdentity identity_or_fail(const std::filesystem::path& file) {
  const auto identity = identity_of(file);
  if (!identity) {
    throw Error(
        ErrorCode::unavailable,
        fmt::format("sqlite '{}': the file was removed while it was opened", file.string()));
  }
  return *identity;
}

}  // namespace

std::int64_t newest_day_version() { return static_cast<std::int64_t>(day_steps().size()); }

void bring_up_day(Connection& connection) {
  if (connection.scalar("PRAGMA user_version") == newest_day_version()) return;
  Transaction transaction(connection);
  bring_up(connection, Recorded::yes);
  transaction.commit();
}

void create_day_tables(Connection& connection) { bring_up(connection, Recorded::no); }

DayWriter::DayWriter(const Directory& directory, Day day, milliseconds patience)
    : DayWriter(open_gate(directory, day), directory, day, patience) {}

DayWriter::DayWriter(const DayGate& /*opening*/, const Directory& directory, Day day,
                     milliseconds patience)
    : day_(day),
      patience_(patience),
      connection_(open_day(directory, day, patience)),
      identity_(identity_or_fail(connection_.file())),
      insert_(connection_.prepare_owned(kInsertRecord)),
      find_id_(connection_.prepare_owned(
          "SELECT 1 FROM recent_ids WHERE event_id = ?1 AND tenant = ?2 AND seen_at > ?3")),
      insert_id_(connection_.prepare_owned(
          "INSERT INTO recent_ids (event_id, tenant, timestamp, seen_at) VALUES (?1, ?2, ?3, ?4) "
          "ON CONFLICT DO UPDATE SET timestamp = excluded.timestamp, seen_at = excluded.seen_at")),
      add_rows_(connection_.prepare_owned("INSERT INTO tenant_rows (tenant, rows) VALUES (?1, ?2) "
                                          "ON CONFLICT DO UPDATE SET rows = rows + excluded.rows")),
      add_to_books_(connection_.prepare_owned(kAddToBooks)),
      rollups_(connection_),
      late_(connection_) {}

void DayWriter::set_cache_bytes(std::uint64_t bytes) {
  connection_.execute(fmt::format("PRAGMA cache_size = -{}", bytes / 1024));
}

bool DayWriter::seen(const LogRecord& record, const RecentIds& recent) {
  find_id_.bind(1, record.event_id);
  find_id_.bind(2, record.tenant);
  find_id_.bind(3, to_micros(recent.cutoff));
  const bool here = find_id_.step();
  find_id_.reset();
  return here || recent.elsewhere(record);
}

void DayWriter::note(const LogRecord& record, Timestamp now) {
  insert_id_.bind(1, record.event_id);
  insert_id_.bind(2, record.tenant);
  insert_id_.bind(3, to_micros(record.timestamp));
  insert_id_.bind(4, to_micros(now));
  insert_id_.run();
}

void DayWriter::add_tenant_rows(std::span<const TenantRows> added) {
  for (const TenantRows& one : added) {
    add_rows_.bind(1, one.tenant);
    add_rows_.bind(2, one.rows);
    add_rows_.run();
  }
}

bool DayWriter::append(std::span<const LogRecord* const> records,
                       std::span<const std::uint32_t> positions, const RecentIds& recent,
                       const Origin& origin, AppendResult& result) {
  Transaction transaction(connection_);
  // Only under the write lock is it certain that the file will not be removed before the commit.
  if (identity_of(connection_.file()) != identity_) return false;

  const Grain grain = rollups_.grain();
  MinuteGroups groups(positions.size(), grain == Grain::hours ? grain : Grain::minutes);
  late_.begin();
  std::vector<TenantRows> added;
  std::vector<std::pair<std::size_t, std::string>> refusals;
  for (const std::uint32_t position : positions) {
    const LogRecord& record = *records[position];
    Outcome& outcome = result.outcomes[position];
    if (record.dedup_by_id && seen(record, recent)) {
      outcome = Outcome::duplicate;
      continue;
    }
    bind_record(insert_, record);
    if (auto refusal = insert_.run_or_refuse()) {
      outcome = Outcome::rejected;
      refusals.emplace_back(position, std::move(*refusal));
      continue;
    }
    if (connection_.changes() == 0) {
      outcome = Outcome::duplicate;
      continue;
    }
    outcome = Outcome::stored;
    if (grain != Grain::none) groups.add(record, record.tenant);
    late_.note(record.timestamp);
    if (record.dedup_by_id) note(record, recent.now);
    const auto tenant = std::find_if(added.begin(), added.end(), [&](const TenantRows& rows) {
      return rows.tenant == record.tenant;
    });
    if (tenant != added.end()) {
      ++tenant->rows;
    } else {
      added.push_back({record.tenant, 1});
    }
  }
  add_tenant_rows(added);
  if (grain != Grain::none) {
    rollups_.add(groups, grain, recent.now);
  } else if (!added.empty()) {
    rollups_.mark_stale(recent.now);
  }
  Books books;
  for (const Count& count : origin.counts) books.add(count);
  for (const std::uint32_t position : positions) {
    books.add(records[position]->tenant, result.outcomes[position]);
  }
  add_to_books(add_to_books_, origin.source, books.counts());
  transaction.commit();
  std::move(refusals.begin(), refusals.end(), std::back_inserter(result.refusals));
  return true;
}

void DayWriter::forget_ids(Timestamp seen_before) {
  Transaction transaction(connection_);
  Statement forget = connection_.prepare("DELETE FROM recent_ids WHERE seen_at < ?1");
  forget.bind(1, to_micros(seen_before));
  forget.run();
  transaction.commit();
}

void DayWriter::put_rollups(const Recount& recount) {
  Transaction transaction(connection_);
  if (identity_of(connection_.file()) != identity_) return;
  if (put(connection_, recount)) transaction.commit();
}

void DayWriter::put_sums(const FileIdentity& identity, Connection& reader, const DaySums& sums) {
  Transaction transaction(connection_);
  if (identity != identity_ || identity_of(connection_.file()) != identity_) return;
  if (put(connection_, reader, sums)) transaction.commit();
}

void DayWriter::begin_coarse_rollups(Timestamp now) {
  Transaction transaction(connection_);
  if (identity_of(connection_.file()) != identity_) return;
  rollups_.mark_coarse(now);
  transaction.commit();
}

void DayWriter::merge_rollups(Timestamp hour) {
  Transaction transaction(connection_);
  if (identity_of(connection_.file()) != identity_) return;
  if (rollups_.grain() != Grain::hours) return;
  merge_hour(connection_, hour);
  transaction.commit();
}

void DayWriter::checkpoint() {
  // A query that is reading the log is not waited for: the next round comes.
  connection_.execute("PRAGMA busy_timeout = 0");
  connection_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  connection_.execute(fmt::format("PRAGMA busy_timeout = {}", patience_.count()));
}

}  // namespace logctl::storage::sqlite
