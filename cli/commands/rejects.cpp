// `logctl rejects`: what was refused, and what to do about it.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/commands/rejects_actions.h"

#include <memory>

namespace logctl::cli {
namespace {

void define_list(Arguments app, Program& program) {
  auto options = std::make_shared<ListRejects>();
  Arguments leaf = app.add_subcommand("list", "refused records, oldest first");
  add_filter(leaf, options->filter);
  leaf.add_option("--limit", options->limit, "only the newest so many; 0: all").type_name("N");
  leaf.add_flag("--count", options->count, "only how many there are for each reason");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return list_rejects(context, *options); };
  });
}

void define_show(Arguments app, Program& program) {
  auto options = std::make_shared<ShowReject>();
  Arguments leaf = app.add_subcommand("show", "one refused record, with its original text");
  leaf.add_option("ID", options->id, "its id, as `rejects list` shows it").required();
  leaf.add_flag("--raw", options->raw, "only the original bytes");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return show_reject(context, *options); };
  });
}

void define_replay(Arguments app, Program& program) {
  auto options = std::make_shared<ReplayRejects>();
  Arguments leaf =
      app.add_subcommand("replay", "store refused records after the rules or they were put right");
  leaf.add_option("ID", options->filter.ids, "these");
  leaf.add_flag("--all", options->all, "every one");
  add_filter(leaf, options->filter);
  leaf.add_option("--file", options->file,
                  "take them from an edited output of `rejects list -o jsonl`")
      .type_name("FILE");
  leaf.add_dry_run(options->dry_run, "only say what would pass");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return replay_rejects(context, *options); };
  });
}

void define_drop(Arguments app, Program& program) {
  auto options = std::make_shared<DropRejects>();
  Arguments leaf = app.add_subcommand("drop", "forget refused records for good");
  leaf.add_option("ID", options->filter.ids, "these");
  add_filter(leaf, options->filter);
  leaf.add_option("--before", options->filter.before,
                  "refused before this time: 30d before now, or RFC 3339")
      .type_name("TIME");
  leaf.add_dry_run(options->dry_run, "only say how many");
  leaf.add_flag("--yes", options->confirmed, "do it without asking");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return drop_rejects(context, *options); };
  });
}

}  // namespace

void define_rejects(Arguments app, Program& program) {
  define_list(app, program);
  define_show(app, program);
  define_replay(app, program);
  define_drop(app, program);
}

}  // namespace logctl::cli
