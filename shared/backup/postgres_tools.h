// The distribution's pg_dump and pg_restore, called with the store's connection.
#pragma once

#include "shared/base/process.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace logctl::backup {

class PostgresTools {
 public:
  // `folder`: of the programs; empty means PATH.
  PostgresTools(std::string folder, const std::string& conninfo);

  // Where Debian keeps the programs of this version, of those that are installed side by side, in
  // folders of `versions`. Empty when it has none. What PATH has there is a script that starts one
  // of them, and which one depends on the servers of this machine, not on ours.
  static std::string folder_of(int major,
                               const std::filesystem::path& versions = "/usr/lib/postgresql");
  // Of `pg_dump (PostgreSQL) 15.5 (Debian ...)`; 0 when it says something else.
  static int major_of(const std::string& version);

  std::string dump_version() const;
  // The name and version of pg_restore. Throws Error{not_found} without it, Error{conflict} when it
  // cannot read what `dump_tool`, as dump_version() said it, has written.
  std::string require_restores(const std::string& dump_tool) const;
  // Tables of the schema that a dump leaves out.
  struct LeftOut {
    std::vector<std::string> rows;    // of these
    std::vector<std::string> tables;  // these as a whole
  };
  // Writes the directory format, uncompressed, as the snapshot sees it.
  void dump(const std::filesystem::path& target, const std::string& schema,
            const std::string& snapshot, const LeftOut& left_out, std::size_t jobs) const;
  // Says what is to be restored of a dump. Before the functions below.
  void list(const std::filesystem::path& source, bool hypertable) const;
  // Restores one section of it, without the rows of the migration ledger: pre-data, data,
  // post-data. The schema itself must be there: `public` usually is, and need not belong to whom
  // restores.
  void restore(const std::filesystem::path& source, std::string_view section,
               std::size_t jobs) const;
  // The key of the table that becomes a hypertable; the post-data leave it out then.
  void restore_key(const std::filesystem::path& source) const;
  // The rows of the ledger, by which a store is known as complete. After all sections.
  void restore_ledger(const std::filesystem::path& source) const;

 private:
  std::string program(std::string_view name) const;
  std::string version_of(std::string_view name) const;
  void load(const std::filesystem::path& source, const std::filesystem::path& list,
            std::string_view section, std::size_t jobs) const;
  void run(const std::string& name, std::vector<std::string> arguments) const;

  const std::string folder_;
  std::string connection_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

}  // namespace logctl::backup
