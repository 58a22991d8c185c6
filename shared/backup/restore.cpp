#include "shared/backup/restore.h"

#include "shared/backup/verify.h"
#include "shared/base/error.h"
#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <chrono>

namespace logctl::backup {
namespace {

void require_whole(const Repository& repository, const std::string& id, std::size_t jobs) {
  const Verified verified = verify(repository, {id}, jobs);
  if (verified.problems.empty()) return;
  const Problem& first = verified.problems.front();
  throw Error(
      ErrorCode::drift,
      fmt::format("backup {} is damaged: {}: {}{}; nothing was changed", id, first.file, first.what,
                  verified.problems.size() == 1
                      ? std::string()
                      : fmt::format(" ({} problems in all)", verified.problems.size())),
      "take another backup: `logctl backup verify` says which ones are whole");
}

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
  repository.key_for(manifest);
  if (manifest.store != place.kind()) {
    throw Error(ErrorCode::conflict,
                fmt::format("backup {} is of a {} store, the configured one is {}", id,
                            manifest.store, place.kind()),
                "backups do not move between kinds of stores: `logctl query -o jsonl` and `logctl "
                "ingest` do");
  }
  if (settings.until && *settings.until > manifest.created_at) {
    throw Error(ErrorCode::usage,
                fmt::format("--until {} is after the backup began, at {}",
                            format_rfc3339(*settings.until), format_rfc3339(manifest.created_at)),
                "take a later backup");
  }
  const std::string occupied = place.occupied(manifest);
  if (!occupied.empty() && (settings.confirmed.empty() || settings.confirmed != place.name())) {
    throw Error(ErrorCode::conflict,
                settings.confirmed.empty()
                    ? fmt::format("{}, and restore replaces nothing by itself", occupied)
                    : fmt::format("{}, and its name is '{}', not '{}'", occupied, place.name(),
                                  settings.confirmed),
                fmt::format("--confirm {} sets it aside first", place.name()));
  }
  require_whole(repository, id, settings.load.jobs);

  RestoreReport report;
  report.backup = id;
  report.rows = manifest.rows();
  if (settings.dry_run) return report;
  if (!occupied.empty()) report.set_aside = place.set_aside(manifest);
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
