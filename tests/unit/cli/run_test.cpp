#include "cli/run.h"

#include "cli/arguments.h"
#include "shared/base/error.h"
#include "tests/support/catch.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <set>

using namespace logctl;
using namespace logctl::cli;

namespace {

struct Result {
  int status = 0;
  std::string out;
  std::string err;
};

Result run_with(const std::vector<std::string>& arguments, bool terminal = false,
                config::Environment environment = {}) {
  StringSink out;
  StringSink err;
  environment.emplace("STATE_DIRECTORY", "/nowhere");
  const Surroundings surroundings{.out = out,
                                  .err = err,
                                  .environment = std::move(environment),
                                  .clock = system_clock(),
                                  .out_is_terminal = terminal,
                                  .err_is_terminal = terminal};
  const int status = run(arguments, surroundings);
  return {status, out.text(), err.text()};
}

// Every command and subcommand of the program.
void walk(const CLI::App& app, const std::function<void(const CLI::App&)>& visit) {
  visit(app);
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    walk(*sub, visit);
  }
}

}  // namespace

TEST_CASE("run: global options work before and after the command", "[cli]") {
  const std::string json = "{\"version\":\"" LOGCTL_VERSION "\"";
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"-o", "json", "version"}, {"version", "-o", "json"}, {"version", "--output=json"}}) {
    const Result result = run_with(arguments);
    CHECK(result.status == 0);
    CHECK(result.out.starts_with(json));
  }
  const Result set =
      run_with({"--set", "server.port=1", "config", "--set", "log.level=debug", "show"});
  CHECK(set.out.find("server.port\t1\t--set\n") != std::string::npos);
  CHECK(set.out.find("log.level\tdebug\t--set\n") != std::string::npos);
}

TEST_CASE("run: a wrong command line leaves with 2 and says what is right", "[cli]") {
  struct Case {
    std::vector<std::string> arguments;
    std::string err;
  };
  const std::vector<Case> cases = {
      {{"versoin"}, "logctl: unknown command 'versoin'\nhint: did you mean 'version'?\n"},
      {{"config", "shwo"}, "logctl: unknown command 'shwo'\nhint: did you mean 'show'?\n"},
      {{"version", "--outptu", "json"},
       "logctl: unknown option '--outptu'\nhint: did you mean '--output'?\n"},
      {{"version", "--quite=1"},
       "logctl: unknown option '--quite=1'\nhint: did you mean '--quiet'?\n"},
      {{"version", "more"},
       "logctl: unexpected argument 'more'\nhint: see `logctl version --help`\n"},
      {{"config"},
       "logctl: 'logctl config' needs a command: show, check, example, path\n"
       "hint: see `logctl config --help`\n"},
      {{"-o", "xml", "version"},
       "logctl: --output: found 'xml', allowed are table, json, jsonl, csv, plain\n"
       "hint: see `logctl version --help`\n"},
      {{"migrate", "down"},
       "logctl: --to, --steps or --without is required\nhint: see `logctl migrate down --help`\n"},
      {{"help", "versoin"}, "logctl: no help on 'versoin'\nhint: did you mean 'version'?\n"},
      {{"help", "config", "shwo"},
       "logctl: no help on 'config shwo'\nhint: did you mean 'show'?\n"},
  };
  for (const Case& c : cases) {
    const Result result = run_with(c.arguments);
    CHECK(result.err == c.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
  }
}

TEST_CASE("run: a wrong configuration leaves with 78 on one line each", "[cli]") {
  const Result result = run_with({"config", "check", "--set", "server.prot=1"});
  CHECK(result.status == 78);
  CHECK(result.err ==
        "logctl: --set: server.prot: unknown key; did you mean 'server.port'?\n"
        "hint: `logctl config example` shows every option with its default\n");
  CHECK(result.out.empty());
}

TEST_CASE("run: help and version need neither configuration nor store", "[cli]") {
  const config::Environment broken = {{"LOGCTL_CONFIG", "/does/not/exist"}};
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"help"},
                                             {"--version"},
                                             {"version"},
                                             {"help", "exit-codes"},
                                             {"keys", "--help"}}) {
    const Result result = run_with(arguments, false, broken);
    CHECK(result.status == 0);
    CHECK_FALSE(result.out.empty());
    CHECK(result.err.empty());
  }
  CHECK(run_with({"--version"}).out == "logctl " LOGCTL_VERSION "\n");
  CHECK(run_with({"help", "config", "show"}).out == run_with({"config", "show", "--help"}).out);
  CHECK(run_with({"help"}).out == run_with({"--help"}).out);
}

TEST_CASE("run: exit statuses are printed from the one table", "[cli]") {
  std::string expected;
  for (const ExitStatus& row : exit_statuses()) {
    expected += std::to_string(row.status) + "\t" + row.meaning + "\n";
  }
  CHECK(run_with({"help", "exit-codes"}).out == expected);
}

TEST_CASE("run: secrets are never shown", "[cli]") {
  const Result result = run_with({"config", "show", "-o", "json"}, false,
                                 {{"DB_PASSWORD", "hunter2"},
                                  {"API_KEYS", "hunter2,hunter2"},
                                  {"DATABASE_URL", "postgres://u:hunter2@h/d"}});
  CHECK(result.status == 0);
  CHECK(result.out.find("hunter2") == std::string::npos);
  CHECK(result.out.find("{\"key\":\"auth.api_keys\",\"value\":[\"********\",\"********\"],"
                        "\"origin\":\"API_KEYS\"}") != std::string::npos);
  CHECK(result.out.find("{\"key\":\"server.port\",\"value\":8080,\"origin\":\"default\"}") !=
        std::string::npos);
}

TEST_CASE("run: colour only on a terminal that wants it", "[cli]") {
  const auto coloured = [](bool terminal, const config::Environment& environment,
                           std::vector<std::string> arguments) {
    arguments.emplace_back("nonsense");
    return run_with(arguments, terminal, environment).err.find("\033[") != std::string::npos;
  };
  CHECK(coloured(true, {{"TERM", "xterm"}}, {}));
  CHECK_FALSE(coloured(false, {{"TERM", "xterm"}}, {}));
  CHECK_FALSE(coloured(true, {{"TERM", "dumb"}}, {}));
  CHECK_FALSE(coloured(true, {{"NO_COLOR", "1"}}, {}));
  CHECK_FALSE(coloured(true, {{"CLICOLOR", "0"}}, {}));
  CHECK_FALSE(coloured(true, {}, {"--no-color"}));
  CHECK(coloured(false, {{"CLICOLOR_FORCE", "1"}, {"TERM", "dumb"}}, {}));
  CHECK_FALSE(coloured(false, {{"CLICOLOR_FORCE", "0"}}, {}));
  CHECK_FALSE(coloured(true, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, {}));
  CHECK_FALSE(coloured(true, {{"CLICOLOR_FORCE", "1"}}, {"--no-color"}));
}

TEST_CASE("run: every command and option explains itself", "[cli]") {
  CLI::App app;
  Globals globals;
  Program program;
  define_program(app, globals, program);
  std::set<std::string> names;
  for (const Command& command : commands()) {
    INFO(command.name);
    CHECK(names.insert(std::string(command.name)).second);
    CHECK_FALSE(command.summary.empty());
  }
  walk(app, [](const CLI::App& command) {
    INFO(full_name(command));
    CHECK_FALSE(command.get_description().empty());
    for (const CLI::Option* option : command.get_options()) {
      INFO(option->get_name());
      CHECK_FALSE(option->get_description().empty());
    }
  });
}
