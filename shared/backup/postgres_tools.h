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

  std::string dump_version() const;
  // The name and version of pg_restore. Throws Error{not_found} without it, Error{conflict} when it
  // cannot read what `dump_tool`, as dump_version() said it, has written.
  std::string require_restores(const std::string& dump_tool) const;
  // Writes the directory format, uncompressed, without the rows of the tables in `without_rows`
  // (names of `schema`), as the snapshot sees it.
  void dump(const std::filesystem::path& target, const std::string& schema,
            const std::string& snapshot, const std::vector<std::string>& without_rows,
            std::size_t jobs) const;
  // Restores one section of it, without the rows of the migration ledger: pre-data, data,
  // post-data. The schema itself must be there: `public` usually is, and need not belong to whom
  // restores.
  void restore(const std::filesystem::path& source, std::string_view section,
               std::size_t jobs) const;
  // The rows of the ledger, by which a store is known as complete. After all sections.
  void restore_ledger(const std::filesystem::path& source) const;

 private:
  std::string program(std::string_view name) const;
  std::string version_of(std::string_view name) const;
  void list(const std::filesystem::path& source) const;
  void load(const std::filesystem::path& source, const std::filesystem::path& list,
            std::string_view section, std::size_t jobs) const;
  void run(const std::string& name, std::vector<std::string> arguments) const;

  const std::string folder_;
  std::string connection_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

}  // namespace logctl::backup
