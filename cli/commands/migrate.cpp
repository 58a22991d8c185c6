#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/error.h"
#include "shared/migrations/runner.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace logctl::cli {
namespace {

using migrations::State;

struct Options {
  std::optional<std::int64_t> to;
  microseconds lock_timeout = seconds(30);
  bool confirmed = false;
  bool dry_run = false;
};

std::string_view state_name(State state) {
  switch (state) {
    case State::applied:
      return "applied";
    case State::pending:
      return "pending";
    case State::unknown:
      return "unknown";
    case State::changed:
      return "changed";
  }
  return "unknown";
}

Row status_row(const migrations::StatusRow& row) {
  Row cells = {row.version, row.name, state_name(row.state), nullptr, nullptr, nullptr};
  if (row.applied) {
    cells[3] = row.applied->applied_at;
    cells[4] = row.applied->took.count() / 1000;
    cells[5] = row.applied->tool_version;
  }
  return cells;
}

// Looks without changing anything; a SQLite store that is not there yet has everything before it.
migrations::Status inspect(Context& context) {
  try {
    const storage::Backend store =
        storage::open_backend(*context.config(), context.clock(), storage::Access::read_only);
    return migrations::status(*store.schema);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  migrations::Status status;
  for (const migrations::Step& step : migrations::steps_of("sqlite")) {
    status.rows.push_back({step.version, step.name, State::pending, std::nullopt});
    status.newest = step.version;
  }
  return status;
}

int status(Context& context) {
  const migrations::Status status = inspect(context);
  bool drift = false;
  std::vector<Row> rows;
  for (const migrations::StatusRow& row : status.rows) {
    drift = drift || row.state == State::unknown || row.state == State::changed;
    rows.push_back(status_row(row));
  }
  context.out().table({"version", "name", "state", "applied_at", "took_ms", "applied_by"}, rows);
  if (drift) {
    context.out().error("the store differs from what this binary knows");
    return info(ErrorCode::drift).exit_status;
  }
  if (status.pending()) context.out().note("`logctl migrate up` applies what is pending");
  return 0;
}

// Prints what would be done, newest first when going down.
int plan(Context& context, bool up, std::int64_t to) {
  const migrations::Status status = inspect(context);
  std::vector<Row> rows;
  for (const migrations::StatusRow& row : status.rows) {
    if (up && row.state == State::pending && row.version <= to) {
      rows.push_back({row.version, row.name, "apply"});
    }
    if (!up && row.applied && row.version > to) {
      rows.insert(rows.begin(), {row.version, row.name, "revert"});
    }
  }
  context.out().table({"version", "name", "action"}, rows);
  return 0;
}

int report(Context& context, std::string_view verb, int count) {
  const migrations::Status status = migrations::status(*context.backend().schema);
  context.out().object({{std::string(verb), count},
                        {"version", status.current},
                        {"newest", status.newest},
                        {"store", context.backend().target}});
  return 0;
}

migrations::Progress progress(Context& context) {
  return [&context](std::string_view verb, const migrations::Step& step) {
    context.out().note(fmt::format("{} {:04} {}", verb, step.version, step.name));
  };
}

int up(Context& context, const Options& options) {
  if (options.dry_run) return plan(context, true, options.to.value_or(INT64_MAX));
  const int count = migrations::up(*context.backend().schema, options.to, options.lock_timeout,
                                   context.clock(), progress(context));
  return report(context, "applied", count);
}

int down(Context& context, const Options& options) {
  if (options.dry_run) return plan(context, false, *options.to);
  require_confirmation(context,
                       fmt::format("going down to version {} destroys data in {}", *options.to,
                                   context.backend().target),
                       options.confirmed, "--confirm");
  const int count = migrations::down(*context.backend().schema, *options.to, options.lock_timeout,
                                     progress(context));
  return report(context, "reverted", count);
}

CLI::App* add_change(CLI::App& app, Program& program, const char* name, const char* summary,
                     int (*action)(Context&, const Options&), std::shared_ptr<Options> options) {
  CLI::App* leaf = app.add_subcommand(name, summary);
  add_duration(*leaf, "--lock-timeout", options->lock_timeout,
               "how long to wait for another run to end");
  leaf->add_flag("-n,--dry-run", options->dry_run, "print what would be done and leave");
  leaf->callback([&program, action, options] {
    program.action = [action, options](Context& context) { return action(context, *options); };
  });
  return leaf;
}

}  // namespace

void define_migrate(CLI::App& app, Program& program) {
  auto for_up = std::make_shared<Options>();
  add_change(app, program, "up", "apply the steps that are pending", up, for_up)
      ->add_option("--to", for_up->to, "stop at this version")
      ->type_name("VERSION");

  auto for_down = std::make_shared<Options>();
  CLI::App* leaf = add_change(app, program, "down", "revert steps, newest first", down, for_down);
  leaf->add_option("--to", for_down->to, "the version to go back to; 0 removes everything")
      ->type_name("VERSION")
      ->required();
  leaf->add_flag("--confirm,--yes", for_down->confirmed, "do it, although data is destroyed");

  app.add_subcommand("status", "print every step and whether it is applied")->callback([&program] {
    program.action = status;
  });
}

}  // namespace logctl::cli
