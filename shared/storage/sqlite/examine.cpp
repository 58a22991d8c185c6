#include "shared/storage/sqlite/examine.h"

#include "shared/base/error.h"
#include "shared/base/units.h"
#include "shared/storage/sqlite/meta.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace logctl::storage::sqlite {
namespace {

using Grade = Symptom::Grade;

// A daemon moves write-ahead logs into the day files long before that.
constexpr std::uintmax_t kLongLog = 1ULL << 30;
// For a daemon that is just starting with a file.
constexpr milliseconds kWait = seconds(5);

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

// What is wrong with a day file as far as its head tells; the rest is checked by backups.
std::optional<std::string> problem_of(const std::filesystem::path& file) {
  try {
    Connection(file, Mode::read_only, kWait).scalar("PRAGMA schema_version");
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;  // its day was removed meanwhile
    return error.message();
  }
}

Symptom check_logs(const Directory& directory) {
  std::uintmax_t longest = 0;
  std::filesystem::path where;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory.logs(), failed)) {
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
  const std::vector<Day> days = directory.days();
  for (const Day day : days) {
    const std::filesystem::path file = directory.day_file(day);
    if (const std::optional<std::string> problem = problem_of(file)) {
      const bool named = problem->find(file.filename().string()) != std::string::npos;
      return {"days", Grade::failed,
              named ? *problem : fmt::format("'{}': {}", file.string(), *problem),
              "stop the daemon and restore this day from a backup"};
    }
  }
  if (longest > kLongLog) {
    return {"days", Grade::warning, fmt::format("'{}' has {}", where.string(), human_size(longest)),
            "a reader that never ends keeps it from shrinking: look for long queries"};
  }
  return {"days", Grade::ok, fmt::format("{} on disk", days.size())};
}

}  // namespace

std::vector<Symptom> examine(const Directory& directory) {
  Connection meta = open_meta(directory, Access::read_only);
  return {check_version(meta), check_meta(meta), check_logs(directory)};
}

}  // namespace logctl::storage::sqlite
