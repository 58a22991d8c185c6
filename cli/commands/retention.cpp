// `logctl retention`: how long records are kept.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/retention_actions.h"
#include "shared/base/units.h"

#include <fmt/format.h>

#include <memory>

namespace logctl::cli {
namespace {

constexpr const char* kMatch = "records that this query matches, such as level:debug";
constexpr const char* kTenant = "records of this tenant; without: of every one";

void on_call(Arguments leaf, Program& program, const std::shared_ptr<RetentionOptions>& options,
             int (*action)(Context&, const RetentionOptions&)) {
  leaf.callback([&program, options, action] {
    program.action = [options, action](Context& context) { return action(context, *options); };
  });
}

void add_which(Arguments leaf, RetentionOptions& options) {
  leaf.add_option("--match", options.match, kMatch).type_name("QUERY");
  leaf.add_flag("--default", options.is_default, "records that no other rule matches")
      .excludes("--match");
  leaf.add_option("--tenant", options.tenant, kTenant).type_name("NAME");
}

}  // namespace

void define_retention(Arguments app, Program& program) {
  auto options = std::make_shared<RetentionOptions>();
  Arguments set = app.add_subcommand("set", "keep records for this long, or change how long");
  add_which(set, *options);
  set.add_option("AGE", options->age, "how long, counted from a record's timestamp",
                 "12h, 3d or 4w")
      .required();
  set.add_flag("--unknown-tenant", options->unknown_tenant,
               "take a tenant that has no records yet");
  set.add_dry_run(options->dry_run);
  on_call(set, program, options, set_rule);

  app.add_subcommand("show", "the rules that count, with retention.default").callback([&program] {
    program.action = show_rules;
  });

  Arguments remove = app.add_subcommand("remove", "take a rule away");
  add_which(remove, *options);
  remove.add_dry_run(options->dry_run);
  on_call(remove, program, options, remove_rule);

  Arguments apply = app.add_subcommand("apply", "delete what the rules say is too old");
  apply.add_dry_run(options->dry_run,
                    "say rows and bytes by rule and day, delete "
                    "nothing");
  apply.add_flag("--confirm", options->confirm,
                 "also where a rule takes more than half, or where the clock looks wrong");
  on_call(apply, program, options, apply_rules);
}

}  // namespace logctl::cli
