// `logctl serve`: the daemon in the foreground.
#include "cli/command.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "service/daemon.h"
#include "service/http/server.h"
#include "shared/config/load.h"
#include "shared/config/target.h"
#include "shared/metrics/observer.h"
#include "shared/migrations/runner.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <memory>

namespace logctl::cli {
namespace {

// SQLite is the daemon's own; a shared database only when the administrator said so.
bool migrates_itself(Context& context, const storage::Backend& backend) {
  return backend.kind == "sqlite" || context.config()->storage.auto_migrate;
}

void prepare_schema(Context& context, storage::Backend& backend, metrics::Observer& observer) {
  if (migrates_itself(context, backend)) {
    const int steps = migrations::up(*backend.schema, std::nullopt, seconds(30), context.clock());
    if (steps > 0) {
      observer.emit(metrics::Notice{metrics::Notice::Severity::info, "schema migrated",
                                    std::to_string(steps) + " steps"});
    }
  }
  migrations::require_current(*backend.schema);
}

int serve(Context& context, bool check_only) {
  const auto config = context.config();
  http::check_listeners(*config);
  config::acknowledgement(*config);
  storage::Backend& backend = context.backend();
  if (check_only) {
    backend.logs->ping();
    const bool pending = migrations::status(*backend.schema).pending();
    if (!pending || !migrates_itself(context, backend))
      migrations::require_current(*backend.schema);
    context.out().note(
        pending ? "the configuration is valid, and the store will be migrated at the start"
                : "the configuration is valid and the store is ready");
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  metrics::Observer observer(*config);
  Daemon daemon(
      config, backend, observer, context.clock(),
      [&context] { return config::load(context.sources()).config; },
      [&] { prepare_schema(context, backend, observer); });
  daemon.run();
  return 0;
}

}  // namespace

void define_serve(CLI::App& app, Program& program) {
  auto check = std::make_shared<bool>(false);
  app.add_flag("--check", *check, "validate the configuration and the store, then leave");
  app.callback([&program, check] {
    program.action = [check](Context& context) { return serve(context, *check); };
  });
}

}  // namespace logctl::cli
