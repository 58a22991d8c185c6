// `logctl backup drill` and `restore`: what brings a backup back to life.
#include "cli/backup_setup.h"
#include "cli/check_list.h"
#include "cli/commands/backup_actions.h"
#include "cli/counted.h"
#include "shared/backup/drill.h"
#include "shared/backup/restore.h"
#include "shared/backup/restore_plan.h"
#include "shared/backup/scratch_folder.h"
#include "shared/backup/state.h"
#include "shared/base/error.h"
#include "shared/base/file.h"
#include "shared/base/json_writer.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/config/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace logctl::cli {
namespace {

double in_seconds(microseconds time) { return static_cast<double>(time.count()) / 1e6; }

std::string differences_json(const std::vector<backup::Difference>& differences) {
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const backup::Difference& one : differences) {
    json.begin_object().field("where", one.where).field("what", one.what).end_object();
  }
  json.end_array();
  return text;
}

// Whatever became of it is kept where the daemon and the doctor look.
void keep_result(Context& context, const backup::Repository& repository, const DrillBackup& options,
                 backup::DrillState state) {
  state.finished_at = context.clock().now();
  backup::write_drill_state(repository.directory(), state);
  if (options.textfile.empty()) return;
  const auto kept = backup::read_drill_state(repository.directory());
  replace_file(options.textfile, backup::prometheus_text(kept ? *kept : state), 0644);
}

std::filesystem::path scratch_parent(const backup::Repository& repository,
                                     const std::string& asked) {
  return asked.empty() ? repository.directory() : std::filesystem::path(asked);
}

Timestamp until_from(const std::string& text, Timestamp now) {
  if (const auto time = parse_rfc3339(text)) return *time;
  if (const auto ago = parse_duration(text)) return now - *ago;
  throw Error(ErrorCode::usage,
              fmt::format("--until: found '{}', expected a time like 2026-01-31T12:00:00Z or a "
                          "duration before now like 1h30m",
                          text));
}

}  // namespace

int drill_backup(Context& context, const DrillBackup& options) {
  config::Config config = *context.config();
  const backup::Repository repository = backup_repository(config);
  const std::string id = repository.resolve(options.id);
  if (!options.url.empty()) config::use_store(config, options.url);
  const std::unique_ptr<backup::Place> beside = backup::open_place(config);
  backup::DrillState state;
  state.backup = id;
  backup::DrillReport report;
  try {
    const backup::ScratchFolder scratch(scratch_parent(repository, options.scratch));
    const backup::LoadSettings load{backup_jobs(config, options.jobs), scratch.path()};
    report = backup::drill(repository, id, *beside, load, config, context.clock());
  } catch (const Error& error) {
    // That somebody else is at it, or the server away, says nothing about the backup.
    const bool later = error.code() == ErrorCode::locked || info(error.code()).retryable;
    if (!later) keep_result(context, repository, options, state);
    throw;
  }
  state.ok = report.ok();
  state.restore_seconds = in_seconds(report.restored);
  state.data_age_seconds = in_seconds(report.data_age);
  keep_result(context, repository, options, state);

  Output& out = context.out();
  std::vector<Field> fields = {{"backup", report.backup},
                               {"ok", report.ok()},
                               {"rows", report.rows},
                               {"bytes", report.bytes},
                               {"restore_seconds", in_seconds(report.restored)},
                               {"compare_seconds", in_seconds(report.compared)},
                               {"migrate_seconds", in_seconds(report.migrated)},
                               {"schema_from", report.schema_from},
                               {"schema_to", report.schema_to},
                               {"data_age_seconds", in_seconds(report.data_age)},
                               {"newest_record", report.newest_record}};
  if (out.json())
    fields.emplace_back("differences", Value::json(differences_json(report.differences)));
  out.object(fields);
  for (const backup::Difference& one : report.differences) {
    if (!out.json()) out.error(fmt::format("{}: {}", one.where, one.what));
  }
  return report.ok() ? 0 : info(ErrorCode::check_failed).exit_status;
}

namespace {

std::string checks_json(const std::vector<backup::RestoreCheck>& checks) {
  std::string text;
  JsonWriter json(text);
  json.begin_array();
  for (const backup::RestoreCheck& check : checks) {
    json.begin_object().field("check", check.name).field("ok", !check.error.has_value());
    json.field("detail", check.error ? check.error->message() : check.found);
    if (check.error && !check.error->hint().empty()) json.field("advice", check.error->hint());
    json.end_object();
  }
  json.end_array();
  return text;
}

int show_plan(Context& context, const backup::Manifest& manifest, const backup::Place& place,
              const backup::RestorePlan& plan) {
  Output& out = context.out();
  const auto failed =
      std::find_if(plan.checks.begin(), plan.checks.end(),
                   [](const backup::RestoreCheck& check) { return check.error.has_value(); });
  const bool ok = failed == plan.checks.end();
  if (out.json()) {
    out.object({{"backup", manifest.id},
                {"store", place.shown()},
                {"rows", manifest.rows()},
                {"days", manifest.partitions.size()},
                {"left_out", Value()},
                {"set_aside", plan.replaces ? Value(plan.aside) : Value()},
                {"dry_run", true},
                {"ok", ok},
                {"checks", Value::json(checks_json(plan.checks))}});
  } else {
    std::vector<CheckRow> rows;
    for (const backup::RestoreCheck& check : plan.checks) {
      rows.push_back({std::string(check.name), check.error ? "failed" : "ok",
                      check.error ? check.error->message() : check.found,
                      check.error ? check.error->hint() : ""});
    }
    print_checks(out, rows);
  }
  if (!ok) return info(failed->error->code()).exit_status;
  out.note(fmt::format("without --dry-run, {} of {} would be restored into {}",
                       counted(manifest.rows(), "record"),
                       counted(manifest.partitions.size(), "day"), place.shown()));
  return 0;
}

}  // namespace

int restore_backup(Context& context, const RestoreBackup& options) {
  const config::Config& config = *context.config();
  const backup::Repository repository = backup_repository(config);
  const std::string id = repository.resolve(options.id);
  const std::unique_ptr<backup::Place> place = backup::open_place(config);
  backup::RestoreSettings settings;
  settings.confirmed = options.confirm;
  settings.check_space = !options.skip_space_check;
  if (!options.until.empty()) settings.until = until_from(options.until, context.clock().now());
  const std::filesystem::path parent = scratch_parent(repository, options.scratch);
  settings.load = {backup_jobs(config, options.jobs), parent};
  if (options.dry_run) {
    const backup::Manifest manifest = repository.read(id);
    return show_plan(context, manifest, *place,
                     backup::plan_restore(repository, manifest, *place, settings, true));
  }
  const backup::ScratchFolder scratch(parent);
  settings.load.scratch = scratch.path();
  const backup::RestoreReport report = backup::restore(repository, id, *place, settings);
  const Value aside = report.set_aside.empty() ? Value() : Value(report.set_aside);
  context.out().object({{"backup", report.backup},
                        {"store", place->shown()},
                        {"rows", report.rows},
                        {"left_out", report.cut_off},
                        {"set_aside", aside},
                        {"dry_run", false},
                        {"seconds", in_seconds(report.took)}});
  if (!report.set_aside.empty()) {
    context.out().note(
        fmt::format("the store that was here is in {}; remove it when it is not "
                    "needed any more",
                    report.set_aside));
  }
  return 0;
}

}  // namespace logctl::cli
