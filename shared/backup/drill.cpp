#include "shared/backup/drill.h"

#include "shared/base/error.h"
#include "shared/migrations/runner.h"

#include <chrono>
#include <utility>

namespace logctl::backup {
namespace {

using std::chrono::steady_clock;

constexpr microseconds kLockWait = seconds(30);

microseconds since(steady_clock::time_point& begin) {
  const auto now = steady_clock::now();
  return std::chrono::duration_cast<microseconds>(now - std::exchange(begin, now));
}

}  // namespace

DrillReport drill(const Repository& repository, const std::string& id, Place& beside,
                  const LoadSettings& settings, const config::Config& config, const Clock& clock) {
  const File lock = repository.lock_for_reading();
  const Manifest manifest = repository.read(id);
  if (manifest.store != beside.kind()) {
    throw Error(ErrorCode::conflict,
                "backup " + id + " is of a " + manifest.store + " store, the configured one is " +
                    beside.kind(),
                "point database.url at a server or folder of that kind");
  }
  DrillReport report;
  report.backup = id;
  report.rows = manifest.rows();
  report.bytes = manifest.bytes();
  report.schema_from = manifest.schema_version;
  report.newest_record = manifest.total().last_received;
  report.data_age = clock.now() - manifest.created_at;

  auto begin = steady_clock::now();
  const std::unique_ptr<Place> scratch = beside.scratch(settings.scratch / "store");
  scratch->load(repository, manifest, settings);
  report.restored = since(begin);
  report.differences = scratch->compare(manifest, settings.jobs);
  report.compared = since(begin);
  try {
    const storage::Backend store = scratch->open(config, clock);
    migrations::up(*store.schema, std::nullopt, kLockWait, clock);
    report.schema_to = migrations::status(*store.schema).current;
    const std::uint64_t rows = store.logs->total_rows();
    if (rows != report.rows) {
      report.differences.push_back({"logs", "another number of rows after the migrations"});
    }
  } catch (const Error& error) {
    report.differences.push_back({"migrations", error.message()});
  }
  report.migrated = since(begin);
  return report;
}

}  // namespace logctl::backup
