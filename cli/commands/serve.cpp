// `logctl serve`: the daemon in the foreground.
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/commands/commands.h"
#include "cli/output.h"
#include "service/daemon.h"
#include "service/http/server.h"
#include "shared/base/error.h"
#include "shared/config/ignored.h"
#include "shared/config/load.h"
#include "shared/config/target.h"
#include "shared/messages/token.h"
#include "shared/metrics/observer.h"
#include "shared/migrations/runner.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <unistd.h>

namespace logctl::cli {
namespace {

struct Options {
  bool check = false;
  bool test_mode = false;
  std::optional<std::uint16_t> port;
  std::string token;
};

// Where a daemon in test mode has its store of logs, as long as it runs.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "logctl-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error(ErrorCode::io, fmt::format("make directory '{}': {}", name, errno_text(errno)),
                  "set TMPDIR to a directory that can be written");
    }
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

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

// The start would make the directory, and those above it.
void require_room_for(const std::filesystem::path& directory) {
  std::filesystem::path place = std::filesystem::absolute(directory).lexically_normal();
  std::error_code error;
  while (!std::filesystem::exists(place, error) && place.has_relative_path()) {
    place = place.parent_path();
  }
  if (::access(place.c_str(), W_OK | X_OK) == 0) return;
  throw Error(ErrorCode::io,
              fmt::format("make the store in '{}': '{}': {}", directory.string(), place.string(),
                          errno_text(errno)),
              "run it as the user that the store will belong to; is storage.data_dir right?");
}

// What stands between the configuration and a start, and what the start would do first.
int check(Context& context) {
  const auto config = context.config();
  const bool made = storage::exists(*config);
  bool pending = true;
  if (made) {
    storage::Backend& backend = context.backend();
    backend.logs->ping();
    pending = migrations::status(*backend.schema).pending();
    if (!pending || !migrates_itself(context, backend)) {
      migrations::require_current(*backend.schema);
    }
  } else {
    require_room_for(config::store_target(*config).directory);
  }
  if (context.out().json()) {
    context.out().object({{"valid", true},
                          {"store", config::store_target(*config).shown},
                          {"store_made", made},
                          {"migration_pending", pending}});
  } else {
    context.out().note(fmt::format("the configuration is valid, and the store {}",
                                   !made     ? "will be made at the start"
                                   : pending ? "will be migrated at the start"
                                             : "is ready"));
  }
  return 0;
}

int run(Context& context, bool check_only) {
  const auto config = context.config();
  http::check_listeners(*config);
  config::acknowledgement(*config);
  if (!config->messages.test_mode) {
    for (const std::string& note : config::idle_database_notes(context.loaded())) {
      context.out().note(note);
    }
  }
  if (check_only) return check(context);
  storage::Backend& backend = context.backend();
  std::signal(SIGPIPE, SIG_IGN);
  metrics::Observer observer(*config);
  Daemon daemon(
      config, backend, observer, context.clock(),
      [&context] { return config::load(context.sources()).config; },
      [&] { prepare_schema(context, backend, observer); });
  daemon.run();
  return 0;
}

// Named as what was typed: below it is a variable.
void require_default_token(const std::string& token) {
  if (messages::namespace_of(token) == "default") return;
  throw Error(ErrorCode::config,
              "--token: found a text that is no token of the namespace 'default'",
              "expected ns_ZGVmYXVsdA_ and 64 hex digits in lower case");
}

// The configuration as it is, with the options above it; in test mode with a store of its own that
// goes when the daemon ends, and without the surfaces that nobody asked for.
int serve(Context& context, const Options& options) {
  Globals globals = context.globals();
  if (options.port) globals.set.push_back(fmt::format("server.port={}", *options.port));
  if (options.test_mode) globals.set.emplace_back("messages.test_mode=true");
  // Secrets are not taken from --set.
  config::Environment environment = context.environment();
  if (!options.token.empty()) {
    require_default_token(options.token);
    environment.erase("LOGCTL_MESSAGES_TOKEN_FILE");
    environment["LOGCTL_MESSAGES_TOKEN"] = options.token;
  }
  Context adjusted(globals, environment, context.clock(), context.out());
  const auto config = adjusted.config();
  if (!config->messages.test_mode) {
    if (!options.check) return run(adjusted, false);
    // A daemon is started again until the database lets it in; a check says what keeps it out.
    try {
      return run(adjusted, true);
    } catch (const Error& error) {
      throw adjusted.explained(error);
    }
  }

  const TestFolder folder;
  globals.set.emplace_back("database.url=");
  globals.set.emplace_back("database.host=");
  globals.set.emplace_back("ingest.ack=auto");
  globals.set.push_back("storage.data_dir=" + folder.path().string());
  if (config->server.listeners.empty()) {
    const std::string& host = config->server.host;
    const bool ipv6 = host.find(':') != std::string::npos;
    globals.set.push_back(fmt::format("server.listeners=http://{}{}{}:{}?surfaces=messages",
                                      ipv6 ? "[" : "", host, ipv6 ? "]" : "", config->server.port));
  }
  Context test(std::move(globals), std::move(environment), context.clock(), context.out());
  return run(test, options.check);
}

}  // namespace

void define_serve(Arguments app, Program& program) {
  auto options = std::make_shared<Options>();
  app.add_flag("--check", options->check, "validate the configuration and the store, then leave");
  app.add_option("--port", options->port, "port to listen on, above server.port")
      .in_range(0, 65535)
      .type_name("PORT");
  app.add_option("--token", options->token,
                 "token of the namespace `default`, above messages.token")
      .type_name("TOKEN");
  app.add_flag("--test-mode", options->test_mode,
               "for tests of clients of streams: keep messages in memory, take any token and none, "
               "serve nothing else, leave nothing behind");
  app.callback([&program, options] {
    program.action = [options](Context& context) { return serve(context, *options); };
  });
}

}  // namespace logctl::cli
