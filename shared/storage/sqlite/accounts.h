// The books of a SQLite store: every day's file holds its own part, added together with its
// records; meta.sqlite holds what belongs to no day.
//
// Any thread may call.
#pragma once

#include "shared/base/mutex.h"
#include "shared/storage/backend.h"
#include "shared/storage/sqlite/connection.h"
#include "shared/storage/sqlite/directory.h"
#include "shared/storage/sqlite/readers.h"
#include "shared/storage/store.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace logctl::storage::sqlite {

// For add_to_books, prepared in a day's file or in meta.sqlite.
inline constexpr std::string_view kAddToBooks =
    "INSERT INTO accounting (source, tenant, what, n) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT DO UPDATE SET n = n + excluded.n";
void add_to_books(Statement& add, std::string_view source, std::span<const Count> counts);

class Accounts {
 public:
  // Both must outlive it.
  Accounts(const Directory& directory, Readers& readers, Access access);

  // Durably, to the part that belongs to no day.
  void add(std::string_view source, std::span<const Count> counts);
  // Over all days. A day whose file has not changed since the last call is not opened again.
  std::vector<Account> sums();
  // The same with the rows of each tenant, counted in the files; every day is read whole.
  Audit audit();

 private:
  // What changes whenever a day's file changes.
  struct Stamp {
    FileIdentity identity;
    std::int64_t file_time = 0;  // nanoseconds
    std::int64_t file_size = 0;
    std::int64_t log_time = 0;  // of the write-ahead log, 0 without one
    std::int64_t log_size = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Known {
    Stamp stamp;
    std::vector<Account> accounts;
  };
  static std::optional<Stamp> stamp_of(const std::filesystem::path& file);
  static bool is_settled(const Stamp& stamp);
  std::vector<Account> read_day(Day day);
  static std::vector<Account> merged(std::span<const std::vector<Account>> parts);

  const Directory& directory_;
  Readers& readers_;
  Mutex meta_mutex_;
  Connection meta_ GUARDED_BY(meta_mutex_);
  Mutex known_mutex_;
  std::map<Day, Known> known_ GUARDED_BY(known_mutex_);
};

}  // namespace logctl::storage::sqlite
