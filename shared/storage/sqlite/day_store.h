// The day files of a SQLite store as things; taking records out is removal.h's.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/days.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/day_list.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/index_search.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/write_load.h"

#include <memory>

namespace logctl::storage::sqlite {

class SqliteDayStore final : public DayStore {
 public:
  // `clock` must outlive it.
  SqliteDayStore(Directory directory, Access access, const Clock& clock,
                 std::shared_ptr<const WriteLoad> writers);

  std::vector<Day> days() override { return directory_.days(); }
  DayInfo describe(Day day, Timestamp now) override;
  std::uint64_t bytes(Day day) override;
  RowsByTenant rows(Day day) override;
  std::uint64_t count(const query::Query& query) override;
  std::optional<Timestamp> newest() override;
  Piece remove(const query::Query& query, std::string_view booked_as, std::size_t most,
               std::optional<query::Cursor>& position) override;
  std::optional<std::uint64_t> drop(Day day, const Agree& agree) override;
  std::size_t finish_drops() override;
  std::uint64_t compact(Day day) override;
  std::string stamp(Day day) override;
  std::string mark(Day day) override;
  void set_mark(Day day, const std::string& mark) override;

 private:
  void require_writable() const;

  const Directory directory_;
  const Access access_;
  const Clock& clock_;
  const std::shared_ptr<const WriteLoad> write_load_;
  DayList days_;
  Readers readers_;
  IndexSearch indexes_;
  Mutex mutex_;
  Connection meta_ GUARDED_BY(mutex_);
};

}  // namespace logctl::storage::sqlite
