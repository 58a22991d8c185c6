#include "shared/backup/restore_plan.h"

#include "shared/backup/verify.h"
#include "shared/base/file_system.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/storage/steps.h"

#include <fmt/format.h>

#include <system_error>

namespace logctl::backup {
namespace {

// Each throws when the restore should not begin, and otherwise says what it found.
struct Planner {
  const Repository& repository;
  const Manifest& manifest;
  Place& place;
  const RestoreSettings& settings;
  RestorePlan& plan;

  std::string kind() const {
    if (manifest.store != place.kind()) {
      throw Error(ErrorCode::conflict,
                  fmt::format("backup {} is of a {} store, the configured one is {}", manifest.id,
                              manifest.store, place.kind()),
                  "backups do not move between kinds of stores: `logctl export` and `logctl "
                  "ingest` do");
    }
    return fmt::format("made from {} at {}", manifest.server, format_rfc3339(manifest.created_at));
  }

  std::string time() const {
    if (!settings.until) return "everything that is in the backup";
    if (*settings.until > manifest.created_at) {
      throw Error(ErrorCode::usage,
                  fmt::format("--until {} is after the backup began, at {}",
                              format_rfc3339(*settings.until), format_rfc3339(manifest.created_at)),
                  "take a later backup");
    }
    return fmt::format("without what was received after {}", format_rfc3339(*settings.until));
  }

  std::string schema() const {
    const std::int64_t newest = storage::steps_of(manifest.store).back().version;
    if (manifest.schema_version > newest) {
      throw Error(ErrorCode::conflict,
                  fmt::format("backup {} has version {} of the schema, this logctl knows up to {}",
                              manifest.id, manifest.schema_version, newest),
                  fmt::format("restore it with logctl {} or newer", manifest.tool_version));
    }
    if (manifest.schema_version == newest) return fmt::format("version {}", newest);
    return fmt::format("version {}; `logctl migrate up` brings it to {} afterwards",
                       manifest.schema_version, newest);
  }

  std::string key() const {
    return repository.key_for(manifest) == nullptr ? "not encrypted" : "the configured key fits";
  }

  std::string where() const {
    const std::string occupied = place.occupied(manifest);
    if (occupied.empty()) return fmt::format("{} is empty", place.shown());
    if (settings.confirmed.empty() || settings.confirmed != place.name()) {
      throw Error(ErrorCode::conflict,
                  settings.confirmed.empty()
                      ? fmt::format("{}, and restore replaces nothing by itself", occupied)
                      : fmt::format("{}, and its name is '{}', not '{}'", occupied, place.name(),
                                    settings.confirmed),
                  fmt::format("--confirm {} sets it aside first", place.name()));
    }
    plan.replaces = true;
    plan.aside = place.aside(manifest);
    return fmt::format("{}; it is set aside in {}", occupied, plan.aside);
  }

  std::string readiness() const { return place.require_ready(manifest, plan.replaces); }

  std::string space() const {
    const DiskNeed need = place.disk_need(manifest, settings.load);
    std::filesystem::path there = std::filesystem::absolute(need.folder);
    std::error_code ignored;
    while (there.has_relative_path() && !std::filesystem::exists(there, ignored)) {
      there = there.parent_path();
    }
    const std::uint64_t free = real_file_system().free_bytes(there);
    std::string found = fmt::format("{} of {} free in {}", human_size(need.bytes), human_size(free),
                                    there.string());
    if (!need.elsewhere.empty()) found += "; " + need.elsewhere;
    if (free >= need.bytes || !settings.check_space) return found;
    throw Error(ErrorCode::disk_full,
                fmt::format("'{}' has {} free; this restore needs {}", there.string(),
                            human_size(free), human_size(need.bytes)),
                "make room, or say --skip-space-check if the disk compresses");
  }

  std::string files() const {
    const Verified verified = verify(repository, {manifest.id}, settings.load.jobs);
    if (verified.problems.empty()) {
      return fmt::format("{} files, {}: all as they were written", verified.files,
                         human_size(verified.bytes));
    }
    const Problem& first = verified.problems.front();
    throw Error(ErrorCode::drift,
                fmt::format("backup {} is damaged: {}: {}{}; nothing was changed", manifest.id,
                            first.file, first.what,
                            verified.problems.size() == 1
                                ? std::string()
                                : fmt::format(" ({} problems in all)", verified.problems.size())),
                "take another backup: `logctl backup verify` says which ones are whole");
  }
};

struct Row {
  std::string_view name;
  std::string (Planner::*look)() const;
  bool needed_by_others = false;  // without it the others say nothing
};

// The cheap ones first: all of the backup is read last.
constexpr Row kRows[] = {
    {"kind", &Planner::kind, true}, {"time", &Planner::time},   {"schema", &Planner::schema},
    {"key", &Planner::key},         {"place", &Planner::where}, {"readiness", &Planner::readiness},
    {"space", &Planner::space},     {"files", &Planner::files},
};

}  // namespace

RestorePlan plan_restore(const Repository& repository, const Manifest& manifest, Place& place,
                         const RestoreSettings& settings, bool all) {
  RestorePlan plan;
  const Planner planner{repository, manifest, place, settings, plan};
  for (const Row& row : kRows) {
    RestoreCheck& check = plan.checks.emplace_back();
    check.name = row.name;
    try {
      check.found = (planner.*row.look)();
    } catch (const Error& error) {
      check.error = error;
      if (!all || row.needed_by_others) return plan;
    }
  }
  return plan;
}

}  // namespace logctl::backup
