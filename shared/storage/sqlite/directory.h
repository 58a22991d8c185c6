// Where the files of one SQLite store lie.
//
//   DIR/meta.sqlite               keys and the migration ledger
//   DIR/migrate.lock              names the process that is migrating
//   DIR/maintenance.lock          names the process that does maintenance
//   DIR/logs/YYYY-MM-DD.sqlite    the records of one UTC day
//   DIR/logs/*.removed            a day that is being removed (removal.h)
//   DIR/logs/.gate                day_gate.h
//   DIR/indexes/                  index files of closed days (index_file.h), which may be thrown
//   away
//
// A value; any thread may use it. Files may come and go at any time: other processes write new days
// and retention removes old ones.
#pragma once

#include "shared/base/clock.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace logctl::storage::sqlite {

using Day = std::chrono::sys_days;

// Tells a file from another one that later took its name.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};
// Nothing when the file does not exist.
std::optional<FileIdentity> identity_of(const std::filesystem::path& file);

// Creates an empty file with mode 0640 unless it exists. It belongs to the owner of its directory:
// the super user's tools must not leave files that the daemon cannot write.
void create_file(const std::filesystem::path& file);
// Removes the write-ahead log of a database file and its index, whether they are there or not.
void remove_log_files(const std::filesystem::path& file);

class Directory {
 public:
  explicit Directory(std::filesystem::path root);

  // Makes the missing directories, mode 0750, durably, with the owner of the one they are in.
  void create() const;
  // The same for indexes().
  void create_indexes() const;

  const std::filesystem::path& root() const { return root_; }
  const std::filesystem::path& logs() const { return logs_; }
  std::filesystem::path meta_file() const { return root_ / "meta.sqlite"; }
  // Whether a store was ever made here. Throws Error{io} when it must not be looked at.
  bool has_meta_file() const;
  std::filesystem::path lock_file() const { return root_ / "migrate.lock"; }
  std::filesystem::path indexes() const { return root_ / "indexes"; }
  std::filesystem::path day_file(Day day) const;

  // The days that have a file, oldest first.
  std::vector<Day> days() const;

 private:
  std::filesystem::path root_;
  std::filesystem::path logs_;
};

}  // namespace logctl::storage::sqlite
