#include "shared/backup/place.h"

#include "shared/backup/postgres_place.h"
#include "shared/backup/sqlite_place.h"
#include "shared/base/error.h"
#include "shared/config/target.h"
#include "shared/storage/steps.h"

#include <fmt/format.h>

namespace logctl::backup {
namespace {

// Records of a day's last moments may still be on their way through a spool.
constexpr std::chrono::hours kSettle(1);

}  // namespace

std::unique_ptr<Place> open_place(const config::Config& config) {
  const config::StoreTarget target = config::store_target(config);
  if (target.kind == config::StoreKind::sqlite) {
    return std::make_unique<SqlitePlace>(target.directory);
  }
  return std::make_unique<PostgresPlace>(target, config.database, config.backup.pg_bin.string());
}

void compare_digests(const std::string& where, std::uint64_t rows, const storage::ContentHash& hash,
                     const storage::TableDigest& found, std::vector<Difference>& differences) {
  if (found.rows != rows) {
    differences.push_back({where, fmt::format("{} rows, the manifest says {}", found.rows, rows)});
  } else if (found.hash != hash) {
    differences.push_back({where, "as many rows as the manifest says, but their content differs"});
  }
}

void require_known_schema(std::int64_t version, std::string_view set) {
  const auto newest = static_cast<std::int64_t>(storage::steps_of(set).size());
  if (version <= newest) return;
  throw Error(ErrorCode::drift,
              fmt::format("the store is at version {}, this binary knows versions up to {}: what "
                          "it saved, it could not restore",
                          version, newest),
              "make backups with the version of logctl that the store is used with");
}

bool is_closed(std::chrono::sys_days day, Timestamp now) {
  return Timestamp(day + std::chrono::days(1)) + kSettle <= now;
}

}  // namespace logctl::backup
