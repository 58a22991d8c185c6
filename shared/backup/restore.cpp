#include "shared/backup/restore.h"

#include "shared/backup/restore_plan.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <chrono>

namespace logctl::backup {
namespace {

void fill(const Repository& repository, const Manifest& manifest, Place& place,
          const RestoreSettings& settings, RestoreReport& report) {
  place.load(repository, manifest, settings.load);
  const std::vector<Difference> differences = place.compare(manifest, settings.load.jobs);
  if (!differences.empty()) {
    throw Error(ErrorCode::drift,
                fmt::format("what was restored is not what the manifest says: {}: {}",
                            differences.front().where, differences.front().what),
                "do not use this store; take another backup");
  }
  if (settings.until) report.cut_off = place.cut_off(*settings.until);
}

}  // namespace

RestoreReport restore(const Repository& repository, const std::string& id, Place& place,
                      const RestoreSettings& settings) {
  const File lock = repository.lock_for_reading();
  const auto begin = std::chrono::steady_clock::now();
  const Manifest manifest = repository.read(id);
  const RestorePlan plan = plan_restore(repository, manifest, place, settings, false);
  if (plan.checks.back().error) throw *plan.checks.back().error;

  RestoreReport report;
  report.backup = id;
  if (plan.replaces) report.set_aside = place.set_aside(manifest);
  try {
    fill(repository, manifest, place, settings, report);
  } catch (const Error& error) {
    if (report.set_aside.empty()) throw;
    throw Error(error.code(), error.message(),
                fmt::format("the store that was here is in {}{}{}", report.set_aside,
                            error.hint().empty() ? "" : "; ", error.hint()));
  }
  report.rows = manifest.rows() - report.cut_off;
  report.took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begin);
  return report;
}

}  // namespace logctl::backup
