// One day's file, open for writing.
//
// Opening creates the file and brings its schema up to date. One thread at a time. A DayWriter that
// has thrown may hold a connection whose state on disk is unknown: throw it away and open a new
// one.
#pragma once

#include "shared/record/record.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/late_rows.h"
#include "shared/storage/sqlite/rollup_upkeep.h"
#include "shared/storage/sqlite/rollup_writer.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace logctl::storage::sqlite {

class DayGate;

// The schema version that this binary writes into day files, as PRAGMA user_version.
std::int64_t newest_day_version();
// Makes the tables of a day file in a database of any kind.
void create_day_tables(Connection& connection);
// Brings an older day file up to date, in a transaction of its own.
void bring_up_day(Connection& connection);

class DayWriter {
 public:
  // `patience`: how long another process may hold the write lock before Error{locked}.
  DayWriter(const Directory& directory, Day day, milliseconds patience);

  Day day() const { return day_; }
  void set_cache_bytes(std::uint64_t bytes);

  // Ids of records without a time that were seen after `cutoff` are duplicates, in this file or
  // where `elsewhere` finds them; new ones are noted as seen at `now`.
  struct RecentIds {
    Timestamp now;
    Timestamp cutoff;
    std::function<bool(const LogRecord&)> elsewhere;
  };
  // Appends records[p] for every p of `positions` in one transaction, with what they and
  // origin.counts add to the books, and writes the outcomes at the same positions. False when
  // somebody has removed the file: nothing was stored, open it anew.
  [[nodiscard]] bool append(std::span<const LogRecord* const> records,
                            std::span<const std::uint32_t> positions, const RecentIds& recent,
                            const Origin& origin, AppendResult& result);

  // Length of the write-ahead log after the last commit. Somebody has to move it into the file.
  int log_pages() const { return connection_.log_pages(); }
  void forget_ids(Timestamp seen_before);
  // Unless rows came to the day since it was counted.
  void put_rollups(const Recount& recount);
  // Unless anything came to the file since `reader` read them; `identity` is that of its file.
  void put_sums(const FileIdentity& identity, Connection& reader, const DaySums& sums);
  // Roll-ups by minute become roll-ups by hour: first so, then each hour of the day so.
  void begin_coarse_rollups(Timestamp now);
  void merge_rollups(Timestamp hour);
  // Moves everything from the write-ahead log into the file, as far as no query is in the way.
  void checkpoint();

 private:
  DayWriter(const DayGate& opening, const Directory& directory, Day day, milliseconds patience);

  struct TenantRows {
    std::string_view tenant;
    std::int64_t rows;
  };
  bool seen(const LogRecord& record, const RecentIds& recent);
  void note(const LogRecord& record, Timestamp now);
  void add_tenant_rows(std::span<const TenantRows> added);

  Day day_;
  milliseconds patience_;
  Connection connection_;
  FileIdentity identity_;
  Statement insert_;
  Statement find_id_;
  Statement insert_id_;
  Statement add_rows_;
  Statement add_to_books_;
  RollupWriter rollups_;
  LateRows late_;
};

}  // namespace logctl::storage::sqlite
