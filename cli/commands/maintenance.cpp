// `logctl maintenance`: runs what keeps the store in order, or says how the last runs went.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/error.h"
#include "shared/maintenance/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace logctl::cli {
namespace {

struct RunOptions {
  std::vector<std::string> tasks;
  bool dry_run = false;
};

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const maintenance::Task& task : maintenance::tasks()) names.emplace_back(task.name);
  return names;
}

double in_seconds(microseconds time) { return static_cast<double>(time.count()) / 1e6; }

Value or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }

int run_tasks(Context& context, const RunOptions& options) {
  maintenance::TaskInput input{context.existing_backend(), *context.config()};
  input.now = context.clock().now();
  input.dry_run = options.dry_run;
  input.note = [&context](std::string_view text) { context.out().detail(text); };
  const auto runs = maintenance::run(input, options.tasks, context.clock());
  Output& out = context.out();
  out.begin_table({"task", "done", "problem", "seconds"});
  bool good = true;
  for (const maintenance::TaskRun& run : runs) {
    good = good && run.problem.empty();
    out.add_row({run.name, or_null(run.done), or_null(run.problem), in_seconds(run.took)});
  }
  out.end_table();
  return good ? 0 : info(ErrorCode::partial).exit_status;
}

int show_status(Context& context) {
  storage::Backend& store = context.existing_backend();
  const std::vector<storage::TaskState> states = store.maintenance->tasks();
  Output& out = context.out();
  out.begin_table(
      {"task", "last_success", "started_at", "finished_at", "seconds", "done", "problem", "ran_by"},
      {{"ran_by", "started_at", "finished_at", "seconds", "done"}});
  for (const maintenance::Task& task : maintenance::tasks()) {
    const auto found = std::find_if(states.begin(), states.end(),
                                    [&task](const auto& state) { return state.name == task.name; });
    if (found == states.end()) {
      out.add_row({task.name, {}, {}, {}, {}, {}, {}, {}});
      continue;
    }
    out.add_row({task.name, found->succeeded_at, found->started_at, found->finished_at,
                 found->finished_at ? Value(in_seconds(found->took)) : Value(),
                 or_null(found->done), or_null(found->error), found->ran_by});
  }
  out.end_table();
  if (const auto holder = store.maintenance->lock_holder()) {
    out.note(fmt::format("it is being done by {}", storage::describe(*holder)));
  }
  return 0;
}

void define_run(Arguments app, Program& program) {
  auto options = std::make_shared<RunOptions>();
  Arguments leaf = app.add_subcommand("run", "do it now, unless another instance is at it");
  leaf.add_option("--task", options->tasks, "only this one; repeatable")
      .type_name("TASK")
      .one_of(task_names());
  leaf.add_dry_run(options->dry_run, "only say what would be done");
  leaf.callback([&program, options] {
    program.action = [options](Context& context) { return run_tasks(context, *options); };
  });
}

}  // namespace

void define_maintenance(Arguments app, Program& program) {
  define_run(app, program);
  app.add_subcommand("status", "how the last run of each task went").callback([&program] {
    program.action = show_status;
  });
}

}  // namespace logctl::cli
