#include "cli/run.h"

#include "cli/arguments.h"
#include "cli/help_formatter.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace logctl::cli {
namespace {

constexpr std::array kFormats = {
    std::pair{std::string_view("table"), OutputFormat::table},
    std::pair{std::string_view("json"), OutputFormat::json},
    std::pair{std::string_view("jsonl"), OutputFormat::jsonl},
    std::pair{std::string_view("csv"), OutputFormat::csv},
    std::pair{std::string_view("plain"), OutputFormat::plain},
};

// Only where a key is printed.
constexpr std::array kSecretFormats = {
    std::pair{std::string_view("env"), SecretFormat::env},
    std::pair{std::string_view("k8s-secret"), SecretFormat::k8s_secret},
    std::pair{std::string_view("systemd-credential"), SecretFormat::systemd_credential},
};

// The command that the person meant, as far as it was understood.
const CLI::App& deepest(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : deepest(*chosen.front());
}

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  }
  return names;
}

// Every option that is understood at this place: the command's own and the global ones.
std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return std::string(nearest_name(name, views));
}

std::string help_hint(const CLI::App& app) {
  return fmt::format("see `{} --help`", full_name(app));
}

// What was left over after parsing.
std::vector<std::string> left_over(const CLI::App& app) {
  std::vector<std::string> left;
  for (const CLI::App* level = &app; level != nullptr && left.empty();
       level = level->get_parent()) {
    left = level->remaining();
  }
  return left;
}

// A misspelt option or command, or one word too many.
Error unexpected_argument(const CLI::App& app, const std::string& word) {
  const bool option = word.starts_with("-");
  const std::vector<std::string> known = option ? option_names(&app) : subcommand_names(app);
  const std::string guess = nearest(word.substr(0, word.find('=')), known);
  const std::string hint =
      guess.empty() ? help_hint(app) : fmt::format("did you mean '{}'?", guess);
  if (option) return Error(ErrorCode::usage, fmt::format("unknown option '{}'", word), hint);
  if (!known.empty())
    return Error(ErrorCode::usage, fmt::format("unknown command '{}'", word), hint);
  return Error(ErrorCode::usage, fmt::format("unexpected argument '{}'", word), hint);
}

Error missing_command(const CLI::App& app) {
  return Error(ErrorCode::usage,
               fmt::format("'{}' needs a command: {}", full_name(app),
                           fmt::join(subcommand_names(app), ", ")),
               help_hint(app));
}

// `--task: 1 required TASK:{upkeep,retention} missing` in words; other messages as they are.
std::string value_missing(std::string message) {
  constexpr std::string_view kRequired = ": 1 required ";
  constexpr std::string_view kMissing = " missing";
  const std::size_t at = message.find(kRequired);
  if (at == std::string::npos || !message.ends_with(kMissing)) return message;
  const std::size_t begin = at + kRequired.size();
  const std::string type = message.substr(begin, message.size() - kMissing.size() - begin);
  return fmt::format("{} needs a value: {}", message.substr(0, at), type.substr(0, type.find(':')));
}

Error usage_error(const CLI::ParseError& error, const CLI::App& root) {
  const CLI::App& app = deepest(root);
  const std::vector<std::string> left = left_over(app);
  if (dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr) {
    return unexpected_argument(app, left.empty() ? "" : left.front());
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    // It may be what was meant by an option that there is not.
    const auto option = std::find_if(left.begin(), left.end(),
                                     [](const std::string& word) { return word.starts_with("-"); });
    if (option != left.end()) return unexpected_argument(app, *option);
  }
  std::string message = value_missing(error.what());
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  // Not a name in capitals, such as FILE.
  if (message.size() > 1 && is_upper(message[0]) && !is_upper(message[1])) {
    message.front() = static_cast<char>(message.front() - 'A' + 'a');
  }
  return Error(ErrorCode::usage, message, help_hint(app));
}

OutputSettings settings_for(const Globals& globals, const Surroundings& surroundings) {
  const auto variable = [&](std::string_view name) {
    const auto found = surroundings.environment.find(name);
    return found == surroundings.environment.end() ? std::string_view() : found->second;
  };
  OutputSettings settings;
  settings.format = globals.output;
  settings.quiet = globals.quiet;
  settings.verbose = globals.verbose;
  settings.out_is_terminal = surroundings.out_is_terminal;
  settings.err_is_terminal = surroundings.err_is_terminal;
  // no-color.org and bixense.com/clicolors: who refuses comes before who insists.
  const bool refused = globals.no_color || !variable("NO_COLOR").empty();
  const std::string_view force = variable("CLICOLOR_FORCE");
  const bool forced = !force.empty() && force != "0";
  const bool unfit = variable("TERM") == "dumb" || variable("CLICOLOR") == "0";
  const auto coloured = [&](bool terminal) {
    return !refused && (forced || (terminal && !unfit));
  };
  settings.colour = coloured(surroundings.out_is_terminal);
  settings.err_colour = coloured(surroundings.err_is_terminal);
  settings.width = surroundings.width;
  if (!globals.utc) settings.relative_to = surroundings.clock.now();
  return settings;
}

// A command that can name a secret prints one, so it has an option of its own, whose help names the
// forms for keys too. Before such a command's name the global one takes them as well, unnamed.
bool prints_secret(const CLI::App* app) {
  return app->get_option_no_throw("--secret-name") != nullptr;
}

void add_output(CLI::App& app, Globals& globals) {
  std::vector<std::string> shown;
  for (const auto& [name, format] : kFormats) shown.emplace_back(name);
  if (prints_secret(&app)) {
    for (const auto& [name, format] : kSecretFormats) shown.emplace_back(name);
  }
  const auto set = [&globals](const std::string& text) {
    for (const auto& [name, format] : kFormats) {
      if (name == text) globals.output = format;
    }
    for (const auto& [name, format] : kSecretFormats) {
      if (name == text) globals.secret = format;
    }
  };
  CLI::Option* option = app.add_option_function<std::string>(
      "-o,--output", set,
      prints_secret(&app) ? "form of the answer, the last three for the one who will use the key; "
                            "table on a terminal, else plain"
                          : "form of the answer; table on a terminal, else plain");
  Option(*option).type_name("FORMAT").one_of(shown);
  const CLI::Validator known = *option->get_validator();
  const auto check = [known](std::string& text) {
    const bool for_keys = std::any_of(kSecretFormats.begin(), kSecretFormats.end(),
                                      [&text](const auto& row) { return row.first == text; });
    return for_keys ? std::string() : known(text);
  };
  *option->get_validator() = CLI::Validator(check, known.get_description());
}

void add_secret_outputs(CLI::App& app, Globals& globals) {
  for (CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (prints_secret(sub)) add_output(*sub, globals);
    add_secret_outputs(*sub, globals);
  }
}

void report(Output& out, std::string_view message, std::string_view hint) {
  out.error(fmt::format("{} {}", out.alarming("logctl:"), message));
  if (!hint.empty()) out.error(fmt::format("hint: {}", hint));
}

void parse(CLI::App& app, std::vector<std::string> arguments, const Program& program) {
  std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the back
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ParseError& error) {
    throw usage_error(error, app);
  }
  if (!program.action) throw missing_command(deepest(app));
}

}  // namespace

void define_program(CLI::App& app, Globals& globals, Program& program) {
  app.name("logctl");
  app.description(
      "logctl takes logs in, keeps them and gives them back: one binary for daemon and tools.");
  app.footer(
      "`logctl help COMMAND` explains a command, `logctl help exit-codes` the exit statuses.");
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.formatter(std::make_shared<HelpFormatter>());
  app.set_help_flag("-h,--help", "explain this command and leave");
  app.set_version_flag("--version", LOGCTL_VERSION, "print the version and leave");
  app.add_option("--config", globals.config_file, "configuration file")->type_name("FILE");
  app.add_option("--set", globals.set, "set one option, above file and environment; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  add_output(app, globals);
  app.add_flag("-q,--quiet", globals.quiet, "no notes on standard error, only errors");
  app.add_flag("-v,--verbose", globals.verbose, "more notes on standard error");
  app.add_flag("--no-color", globals.no_color, "never colour");
  app.add_flag("--utc", globals.utc, "exact times (UTC) in tables, instead of how long ago");
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->require_subcommand(0, 1);
    sub->footer(
        "Global options (--config, --set, -o, -q, -v, --no-color, --utc): see `logctl --help`.");
    if (command.hidden) sub->group("");
    command.define(Arguments(*sub), program);
  }
  add_secret_outputs(app, globals);
}

namespace {

int act(const Program& program, Context& context) {
  try {
    const int status = program.action(context);
    context.out().flush();
    return status;
  } catch (const Error& error) {
    throw context.explained(error);
  }
}

}  // namespace

int run(const std::vector<std::string>& arguments, const Surroundings& surroundings) {
  Globals globals;
  globals.read_only = surroundings.read_only;
  Program program;
  CLI::App app;
  define_program(app, globals, program);
  // As far as the global options were understood before it went wrong.
  const auto fail = [&](std::string_view message, std::string_view hint, ErrorCode code) {
    Output out(surroundings.out, surroundings.err, settings_for(globals, surroundings));
    try {
      out.flush();  // what was found before it went wrong is still an answer
    } catch (const Error&) {
      // The first error is the one to tell.
    }
    report(out, message, hint);
    return info(code).exit_status;
  };
  try {
    try {
      parse(app, arguments, program);
    } catch (const CLI::CallForVersion&) {
      surroundings.out.write(std::string("logctl ") + LOGCTL_VERSION + "\n");
      surroundings.out.flush();
      return 0;
    } catch (const CLI::Success&) {
      surroundings.out.write(app.help());
      surroundings.out.flush();
      return 0;
    }
    if (globals.secret != SecretFormat::none && !program.prints_secret) {
      throw Error(ErrorCode::usage,
                  "-o env, k8s-secret and systemd-credential are for a key that is printed",
                  "`logctl keys create` and `logctl keys rotate` print one");
    }
    Output out(surroundings.out, surroundings.err, settings_for(globals, surroundings));
    Context context(globals, surroundings.environment, surroundings.clock, out);
    return act(program, context);
  } catch (const Error& error) {
    return fail(error.message(), error.hint(), error.code());
  } catch (const std::exception& error) {
    return fail(fmt::format("unexpected failure: {}", error.what()), {}, ErrorCode::internal);
  }
}

}  // namespace logctl::cli
