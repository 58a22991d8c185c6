// `logctl backup`: making backups, and proving that they are some.
#include "cli/arguments.h"
#include "cli/commands/backup_actions.h"
#include "cli/commands/commands.h"

#include <fmt/format.h>

#include <memory>

namespace logctl::cli {
namespace {

template <typename Options>
void on_call(Arguments leaf, Program& program, std::shared_ptr<Options> options,
             int (*action)(Context&, const Options&)) {
  leaf.callback([&program, options, action] {
    program.action = [options, action](Context& context) { return action(context, *options); };
  });
}

void add_jobs(Arguments leaf, std::uint32_t& jobs) {
  leaf.add_option("--jobs", jobs, "files or connections at once (default: backup.jobs)")
      .type_name("N")
      .in_range(1, 64U);
}

void add_scratch(Arguments leaf, std::string& scratch) {
  leaf.add_option("--scratch", scratch, "where to unpack (default: backup.dir)").type_name("DIR");
}

void define_create(Arguments app, Program& program) {
  auto options = std::make_shared<CreateBackup>();
  Arguments leaf = app.add_subcommand("create", "back up the store, beside running daemons");
  leaf.add_option("--type", options->type,
                  "incremental refers to closed days that an earlier backup has, full "
                  "copies everything again (default incremental)")
      .type_name("TYPE")
      .one_of({"full", "incremental"});
  add_jobs(leaf, options->jobs);
  leaf.add_flag("--skip-space-check", options->skip_space_check,
                "begin although the disk looks too full");
  leaf.add_dry_run(options->dry_run, "only say what would be in it, and where");
  on_call(leaf, program, options, create_backup);
}

void define_verify(Arguments app, Program& program) {
  auto options = std::make_shared<VerifyBackup>();
  Arguments leaf =
      app.add_subcommand("verify", "read backups and compare every file with its manifest");
  leaf.add_option("ID", options->ids, "these, or `latest` (default: all)").offers({"latest"});
  add_jobs(leaf, options->jobs);
  on_call(leaf, program, options, verify_backup);
}

void define_drill(Arguments app, Program& program) {
  auto options = std::make_shared<DrillBackup>();
  Arguments leaf = app.add_subcommand(
      "drill", "restore a backup into a scratch place, compare, migrate, and drop it");
  leaf.add_option("ID", options->id, "this one (default latest)").offers({"latest"});
  leaf.add_option("--url", options->url,
                  "make the scratch database on this PostgreSQL server instead of the store's")
      .type_name("URL");
  add_scratch(leaf, options->scratch);
  leaf.add_option("--textfile", options->textfile,
                  "also write the result for node_exporter's textfile collector")
      .type_name("FILE");
  add_jobs(leaf, options->jobs);
  on_call(leaf, program, options, drill_backup);
}

void define_restore(Arguments app, Program& program) {
  auto options = std::make_shared<RestoreBackup>();
  Arguments leaf = app.add_subcommand("restore", "put a backup back into the configured store");
  leaf.add_option("ID", options->id, "which one, or `latest`").required().offers({"latest"});
  leaf.add_option("--confirm", options->confirm,
                  "the name of the database or directory whose store is set aside for it")
      .type_name("NAME");
  leaf.add_option("--until", options->until,
                  "leave out records received after this time: RFC 3339, or 1h30m before now")
      .type_name("TIME");
  add_scratch(leaf, options->scratch);
  add_jobs(leaf, options->jobs);
  leaf.add_flag("--skip-space-check", options->skip_space_check,
                "begin although the disk looks too full");
  leaf.add_dry_run(options->dry_run, "check everything, say what would happen, and change nothing");
  on_call(leaf, program, options, restore_backup);
}

void define_prune(Arguments app, Program& program) {
  auto options = std::make_shared<PruneBackups>();
  Arguments leaf =
      app.add_subcommand("prune", "remove old backups by rule; the newest always stays");
  const auto keep = [&](const char* flag, auto& target, const char* help) {
    leaf.add_option(flag, target,
                    fmt::format("{}; without any of these flags: backup.keep_*", help))
        .whole_number(0)
        .type_name("N");
  };
  keep("--keep-last", options->last, "keep the newest N");
  keep("--keep-daily", options->daily, "keep the newest of each of the last N days");
  keep("--keep-weekly", options->weekly, "keep the newest of each of the last N weeks");
  keep("--keep-monthly", options->monthly, "keep the newest of each of the last N months");
  leaf.add_dry_run(options->dry_run, "only say what would be removed");
  on_call(leaf, program, options, prune_backups);
}

}  // namespace

void define_backup(Arguments app, Program& program) {
  define_create(app, program);
  app.add_subcommand("list", "every backup, oldest first").callback([&program] {
    program.action = list_backups;
  });
  define_verify(app, program);
  define_drill(app, program);
  define_restore(app, program);
  define_prune(app, program);
}

}  // namespace logctl::cli
