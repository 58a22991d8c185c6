// Records in one file per day.
//
// One mutex serialises writing: SQLite has one writer per file and a group commit gathers many
// requests anyway. At most storage.sqlite_open_days files are open for writing and share the cache
// budget. Reading runs beside it, on connections of its own, and so does moving the write-ahead
// logs into the files.
#pragma once

#include "shared/base/clock.h"
#include "shared/base/mutex.h"
#include "shared/config/config.h"
#include "shared/storage/backend.h"
#include "shared/storage/sqlite/accounts.h"
#include "shared/storage/sqlite/checkpointer.h"
#include "shared/storage/sqlite/day_list.h"
#include "shared/storage/sqlite/day_writer.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/index_search.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/sqlite/search.h"
#include "shared/storage/store.h"
#include "shared/storage/write_load.h"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

namespace logctl::storage::sqlite {

class SqliteLogStore final : public LogStore {
 public:
  // `clock` must outlive the store. `writers` is told of appends.
  SqliteLogStore(const Directory& directory, const config::Config& config, const Clock& clock,
                 Access access, std::shared_ptr<WriteLoad> writers);

  AppendResult append(std::span<const LogRecord* const> records, const Origin& origin) override;
  void count(std::string_view source, std::span<const Count> counts) override;
  Balances balances() override { return {accounts_.sums(), {}}; }
  Audit audit(const AtCut& at_cut) override {
    Audit audit = accounts_.audit();
    if (at_cut) at_cut(audit);
    return audit;
  }
  std::uint64_t position(std::string_view) override { return 0; }
  Page search(const query::Query& query) override;
  std::uint64_t count(const query::Query& query) override;
  std::optional<Page> find(const query::View& view, const RecordKey& key) override;
  Statistics statistics(const query::View& view, Timestamp now) override;
  std::uint64_t total_rows() override;
  void maintain(Timestamp now) override;
  void ping() override;
  std::vector<Symptom> examine(Timestamp now) override;

 private:
  void append_day(Day day, std::span<const LogRecord* const> records,
                  std::span<const std::uint32_t> positions, const Origin& origin,
                  AppendResult& result) REQUIRES_LOCK(mutex_);
  DayWriter& writer_for(Day day) REQUIRES_LOCK(mutex_);
  void close_writer(Day day) REQUIRES_LOCK(mutex_);
  void share_cache() REQUIRES_LOCK(mutex_);
  void maintain_day(Day day, Timestamp seen_before) REQUIRES_LOCK(mutex_);
  void keep_up_rollups(Timestamp now);
  void make_coarse(Day day, Timestamp now);
  void add_up_rollups(Day day);
  Search search_now();
  void require_writable() const;

  const Directory directory_;
  const Clock& clock_;
  const Access access_;
  const std::size_t open_days_;
  const std::uint64_t cache_bytes_;
  const microseconds dedup_window_;
  const microseconds query_timeout_;
  const std::shared_ptr<WriteLoad> write_load_;
  DayList days_;
  Readers readers_;
  IndexSearch index_search_;
  Accounts accounts_;

  Mutex mutex_;
  std::list<DayWriter> writers_ GUARDED_BY(mutex_);  // the one used last comes first
  // Closed days whose recent ids have all been forgotten.
  std::set<Day> forgotten_ GUARDED_BY(mutex_);
  // Days whose roll-ups were found exact, and what their files were like. Of the housekeeper.
  std::map<Day, std::string> exact_;
  std::optional<Checkpointer> checkpointer_;  // none when opened for reading
};

}  // namespace logctl::storage::sqlite
