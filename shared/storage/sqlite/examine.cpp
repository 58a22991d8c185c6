#include "shared/storage/sqlite/examine.h"

#include "shared/base/units.h"
#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <filesystem>

namespace logctl::storage::sqlite {
namespace {

using Grade = Symptom::Grade;

// A daemon moves write-ahead logs into the day files long before that.
constexpr std::uintmax_t kLongLog = 1ULL << 30;

Symptom check_version(Connection& meta) {
  Statement statement = meta.prepare("SELECT sqlite_version()");
  statement.step();
  return {"version", Grade::ok, fmt::format("SQLite {}", statement.text(0))};
}

// The keys, the books and the ledger; days are checked when they are backed up.
Symptom check_meta(Connection& meta) {
  Statement statement = meta.prepare("PRAGMA quick_check(1)");
  statement.step();
  if (statement.text(0) == "ok") return {"indexes", Grade::ok, "meta.sqlite is whole"};
  return {"indexes", Grade::failed,
          fmt::format("'{}': {}", meta.file().string(), statement.text(0)),
          "stop the daemon and restore meta.sqlite from a backup"};
}

Symptom check_logs(const Directory& directory) {
  std::uintmax_t longest = 0;
  std::filesystem::path where;
  std::size_t days = 0;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory.logs(), failed)) {
    if (entry.path().extension() == ".sqlite") ++days;
    if (!entry.path().string().ends_with("-wal")) continue;
    std::error_code gone;  // a daemon may have moved it meanwhile
    const std::uintmax_t size = entry.file_size(gone);
    if (!gone && size > longest) {
      longest = size;
      where = entry.path();
    }
  }
  if (failed) {
    return {"days", Grade::failed,
            fmt::format("'{}': {}", directory.logs().string(), failed.message()),
            "the account of the daemon must be able to read it"};
  }
  if (longest > kLongLog) {
    return {"days", Grade::warning, fmt::format("'{}' has {}", where.string(), human_size(longest)),
            "a reader that never ends keeps it from shrinking: look for long queries"};
  }
  return {"days", Grade::ok, fmt::format("{} files", days)};
}

}  // namespace

std::vector<Symptom> examine(const Directory& directory) {
  Connection meta = open_meta(directory, Access::read_only);
  return {check_version(meta), check_meta(meta), check_logs(directory)};
}

}  // namespace logctl::storage::sqlite
