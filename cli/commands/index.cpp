// `logctl index`: which indexes closed days have, and which they shall have.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/index_actions.h"
#include "shared/storage/index_field.h"

#include <memory>

namespace logctl::cli {
namespace {

constexpr const char* kDay = "a day in UTC, like 2026-01-31";

void define_list(Arguments app, Program& program) {
  auto options = std::make_shared<ListIndexes>();
  Arguments leaf = app.add_subcommand("list", "the indexes of closed days, with size and state");
  leaf.add_option("--field", options->field, "only those on this field").type_name("FIELD");
  leaf.add_option("--day", options->day, kDay).type_name("DAY");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return list_index(context, *options); };
  });
}

void define_choice(Arguments app, Program& program, const char* name, const char* help,
                   int (*choose)(Context&, const ChooseIndex&)) {
  auto options = std::make_shared<ChooseIndex>();
  Arguments leaf = app.add_subcommand(name, help);
  leaf.add_option("FIELD", options->field,
                  "a column like user_id, properties.NAME, or text for the words of the message")
      .required();
  leaf.add_option("--day", options->day, "on this day only, like 2026-01-31 (UTC); else on all")
      .type_name("DAY");
  leaf.add_dry_run(options->dry_run, "only say what would be done");
  leaf.callback([&program, options, choose] {
    program.action = [options, choose](Context& context) { return choose(context, *options); };
  });
}

void define_build(Arguments app, Program& program) {
  auto options = std::make_shared<BuildIndexes>();
  Arguments leaf = app.add_subcommand("build", "make what is missing now, beside a running daemon");
  leaf.add_option("--day", options->day, kDay).type_name("DAY");
  leaf.add_dry_run(options->dry_run, "only say what would be made");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return build_index(context, *options); };
  });
}

}  // namespace

void define_index(Arguments app, Program& program) {
  define_list(app, program);
  define_choice(app, program, "add", "have an index on a field of closed days", add_index);
  define_choice(app, program, "drop", "have none, and drop those that are there", drop_index);
  define_build(app, program);
}

}  // namespace logctl::cli
