#include "cli/commands/backup_actions.h"

#include "cli/backup_setup.h"
#include "cli/commands/spool_actions.h"
#include "cli/counted.h"
#include "shared/backup/create.h"
#include "shared/backup/earlier.h"
#include "shared/backup/place.h"
#include "shared/backup/verify.h"
#include "shared/base/error.h"
#include "shared/base/file_system.h"
#include "shared/base/json_writer.h"
#include "shared/base/mutex.h"
#include "shared/base/units.h"
#include "shared/config/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <utility>

namespace logctl::cli {
namespace {

using backup::Manifest;

double in_seconds(microseconds time) { return static_cast<double>(time.count()) / 1e6; }

// Records that are durable and not yet in the store; nothing without a spool.
std::optional<std::uint64_t> spooled_records(Context& context) {
  if (config::store_target(*context.config()).kind == config::StoreKind::sqlite) return {};
  const std::optional<SpoolView> spool = view_spool(context, AskStore::position);
  if (!spool) return {};
  return spool->depth.records;
}

std::string verdicts_json(const backup::Pruned& pruned) {
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const backup::Verdict& verdict : pruned.verdicts) {
    json.begin_object()
        .field("id", verdict.id)
        .field("created_at", verdict.created_at)
        .field("keep", !verdict.reasons.empty())
        .key("reasons")
        .begin_array();
    for (const std::string& reason : verdict.reasons) json.value(reason);
    json.end_array().end_object();
  }
  json.end_array();
  return text;
}

std::string problems_json(const std::vector<backup::Problem>& problems) {
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const backup::Problem& problem : problems) {
    json.begin_object()
        .field("backup", problem.backup)
        .field("file", problem.file)
        .field("problem", problem.what)
        .end_object();
  }
  json.end_array();
  return text;
}

backup::Keep keep_from(const config::Backup& configured, const PruneBackups& options) {
  backup::Keep keep;
  if (!options.last && !options.daily && !options.weekly && !options.monthly) {
    keep = {configured.keep_last, configured.keep_daily, configured.keep_weekly,
            configured.keep_monthly};
  } else {
    keep = {options.last.value_or(0), options.daily.value_or(0), options.weekly.value_or(0),
            options.monthly.value_or(0)};
  }
  if (!keep.nothing()) return keep;
  throw Error(ErrorCode::usage, "a rule that keeps nothing is not taken",
              "give at least one of --keep-last, --keep-daily, --keep-weekly, --keep-monthly a "
              "number above 0");
}

// Of the folder itself or, before it is made, of what it will be in.
std::uint64_t free_bytes(const std::filesystem::path& folder) {
  std::filesystem::path place = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(place) && place.has_relative_path()) place = place.parent_path();
  return real_file_system().free_bytes(place);
}

// The first of many; JSON has all of them.
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 10;
  const std::size_t shown = std::min(names.size(), kShown);
  std::string text = fmt::format("{}", fmt::join(names.begin(), names.begin() + shown, ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

int preview_backup(Context& context, const backup::Repository& repository, bool full) {
  const config::Config& config = *context.config();
  const Timestamp now = context.clock().now();
  const storage::Backend store =
      storage::open_backend(config, context.clock(), storage::Access::read_only);
  std::uint64_t rows = 0;
  for (const storage::Day day : store.days->days()) rows += store.days->describe(day, now).rows;
  const std::unique_ptr<backup::Place> place = backup::open_place(config);
  const backup::EarlierBackups earlier(repository, place->kind(), full,
                                       [&](std::string_view text) { context.out().note(text); });
  std::uint64_t bytes = 0;
  std::uint64_t copied_bytes = 0;
  std::size_t days = 0;
  std::vector<std::string> copied;
  for (const backup::PlannedDay& day : place->plan(earlier, now)) {
    ++days;
    bytes += day.bytes;
    if (day.earlier != nullptr) continue;
    copied_bytes += day.bytes;
    copied.push_back(day.name);
  }
  Output& out = context.out();
  std::vector<Field> fields = {{"type", earlier.empty() ? "full" : "incremental"},
                               {"store", store.target},
                               {"rows", rows},
                               {"days", days},
                               {"store_bytes", bytes},
                               {"copied_days", copied.size()},
                               {"copied_bytes", copied_bytes},
                               {"free_bytes", free_bytes(repository.directory())},
                               {"directory", repository.directory().string()},
                               {"dry_run", true}};
  if (out.json()) fields.push_back({"copied", Value::json_list(copied)});
  out.object(fields);
  if (!copied.empty()) {
    out.note(fmt::format("would copy {}{}", some_of(copied),
                         copied.size() < days ? "; earlier backups have the other days" : ""));
  }
  return 0;
}

}  // namespace

int create_backup(Context& context, const CreateBackup& options) {
  context.require_store();  // before a folder for backups is made
  const config::Config& config = *context.config();
  const backup::Repository repository = backup_repository(config);
  if (options.dry_run) return preview_backup(context, repository, options.type == "full");
  backup::CreateSettings settings;
  settings.spooled = spooled_records(context);
  settings.tool_version = LOGCTL_VERSION;
  settings.make.jobs = backup_jobs(config, options.jobs);
  settings.make.level = static_cast<int>(config.backup.compression);
  settings.make.min_free = config.backup.min_free;
  settings.make.full = options.type == "full";
  settings.make.check_space = !options.skip_space_check;
  Mutex mutex;
  settings.make.note = [&](std::string_view text) {
    const Lock lock(mutex);
    context.out().detail(text);
  };
  const std::unique_ptr<backup::Place> place = backup::open_place(config);
  const Manifest made = backup::create(repository, *place, settings, context.clock());
  std::uint64_t reused = 0;
  for (const backup::Partition& partition : made.partitions) reused += partition.reused ? 1 : 0;
  context.out().object({{"id", made.id},
                        {"type", made.type},
                        {"store", made.target},
                        {"rows", made.rows()},
                        {"days", made.partitions.size()},
                        {"days_reused", reused},
                        {"bytes", made.bytes()},
                        {"new_bytes", made.new_bytes()},
                        {"encrypted", !made.key_id.empty()},
                        {"spooled", made.spooled},
                        {"seconds", in_seconds(made.took)},
                        {"directory", repository.directory().string()}});
  if (made.spooled.value_or(0) > 0) {
    context.out().note(
        fmt::format("what waits in the spool of this machine is not in this backup: {}",
                    counted(*made.spooled, "record")));
  }
  return 0;
}

int list_backups(Context& context) {
  const backup::Repository repository = backup_repository(*context.config());
  std::vector<Row> rows;
  std::size_t damaged = 0;
  for (const std::string& id : repository.ids()) {
    try {
      const Manifest one = repository.read(id);
      rows.push_back({id, one.created_at, one.type, one.store, one.rows(), one.partitions.size(),
                      one.bytes(), one.new_bytes(), !one.key_id.empty(), "complete"});
    } catch (const Error& error) {
      ++damaged;
      context.out().note(error.message());
      rows.push_back(
          {id, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, "damaged"});
    }
  }
  context.out().table({"id", "created_at", "type", "store", "rows", "days", "bytes", "new_bytes",
                       "encrypted", "state"},
                      rows, {{"new_bytes", "encrypted", "days", "store", "type", "created_at"}});
  if (rows.empty()) {
    context.out().note(fmt::format("no backup in '{}'", repository.directory().string()));
  }
  return damaged == 0 ? 0 : info(ErrorCode::drift).exit_status;
}

int verify_backup(Context& context, const VerifyBackup& options) {
  const config::Config& config = *context.config();
  const backup::Repository repository = backup_repository(config);
  std::vector<std::string> ids;
  for (const std::string& id : options.ids) ids.push_back(repository.resolve(id));
  if (ids.empty()) {
    repository.resolve("latest");  // nothing to verify is no success
    ids = repository.ids();
  }
  const backup::Verified found = backup::verify(repository, ids, backup_jobs(config, options.jobs));
  Output& out = context.out();
  if (out.json()) {
    out.object({{"backups", found.backups},
                {"files", found.files},
                {"bytes", found.bytes},
                {"problems", Value::json(problems_json(found.problems))}});
  } else {
    std::vector<Row> rows;
    for (const backup::Problem& problem : found.problems) {
      rows.push_back({problem.backup, problem.file, problem.what});
    }
    out.table({"backup", "file", "problem"}, rows);
    out.note(fmt::format("{}, {}, {} read: {}", counted(found.backups, "backup"),
                         counted(found.files, "file"), human_size(found.bytes),
                         found.problems.empty() ? std::string("all as they were written")
                                                : counted(found.problems.size(), "problem")));
  }
  return found.problems.empty() ? 0 : info(ErrorCode::drift).exit_status;
}

int prune_backups(Context& context, const PruneBackups& options) {
  const config::Config& config = *context.config();
  const backup::Keep keep = keep_from(config.backup, options);
  const backup::Repository repository = backup_repository(config);
  repository.resolve("latest");
  const backup::Pruned pruned = backup::prune(repository, keep, options.dry_run);
  std::vector<Row> rows;
  std::size_t removed = 0;
  for (const backup::Verdict& verdict : pruned.verdicts) {
    const bool gone = verdict.reasons.empty();
    removed += gone ? 1 : 0;
    rows.push_back({verdict.id, verdict.created_at, gone ? "remove" : "keep",
                    fmt::format("{}", fmt::join(verdict.reasons, ", "))});
  }
  Output& out = context.out();
  if (out.json()) {
    out.object({{"removed", removed},
                {"kept", rows.size() - removed},
                {"files", pruned.files},
                {"bytes", pruned.bytes},
                {"dry_run", options.dry_run},
                {"backups", Value::json(verdicts_json(pruned))}});
    return 0;
  }
  out.table({"id", "created_at", "action", "why"}, rows);
  out.note(fmt::format("{} {} with {}, {}", options.dry_run ? "would remove" : "removed",
                       counted(removed, "backup"), counted(pruned.files, "file"),
                       human_size(pruned.bytes)));
  return 0;
}

}  // namespace logctl::cli
