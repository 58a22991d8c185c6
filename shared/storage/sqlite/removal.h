// The one place where records leave a SQLite store.
//
// Any thread and any process, beside readers and writers. A day's file gets another name while its
// write lock and the gate to day files are held, so that nobody can add to it any more; then its
// books move to meta.sqlite, and then it is removed. What a crash cuts off is finished later.
#pragma once

#include "shared/query/query.h"
#include "shared/storage/days.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

// The day's file for changing it, as new as this binary. Nothing when there is none.
struct OpenDay {
  Connection connection;
  FileIdentity identity;
};
std::optional<OpenDay> open_to_change(const Directory& directory, Day day);

struct RowKey {
  Timestamp timestamp{};
  std::string event_id;
};
// In one transaction; says how many of them were there. Nothing happens when the day has gone.
std::uint64_t remove_rows(const Directory& directory, Day day, std::string_view tenant,
                          std::span<const RowKey> rows, std::string_view booked_as);

// See DayStore::drop. `meta` takes the books.
std::optional<std::uint64_t> remove_day(const Directory& directory, Day day,
                                        const DayStore::Agree& agree, Connection& meta,
                                        Timestamp now);
// See DayStore::finish_drops.
std::size_t finish_removals(const Directory& directory, Connection& meta, Timestamp now);

}  // namespace logctl::storage::sqlite
