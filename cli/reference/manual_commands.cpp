#include "cli/arguments.h"
#include "cli/reference/manuals.h"
#include "cli/reference/mdoc.h"
#include "shared/base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace logctl::cli {
namespace {

std::string flags(const OptionInfo& option) {
  std::string out;
  for (const std::string& name : option.names) {
    if (!out.empty()) out += " , ";
    out += "Fl " + name.substr(1);
    if (option.takes_value()) out += " Ar " + macro_words(option.metavar);
  }
  return out;
}

std::string option_sentence(const OptionInfo& option) {
  std::string text = option_text(option.help, option.suggestions.kind == Suggestions::Kind::words &&
                                                      option.metavar.find('|') == std::string::npos
                                                  ? option.suggestions.words
                                                  : std::vector<std::string>());
  if (!option.fallback.empty() && option.takes_value())
    text += " (default " + option.fallback + ")";
  return text;
}

void add_synopsis_line(ManualPage& page, const CommandInfo& command) {
  if (!command.path.empty()) page.macro(".Cm " + macro_words(command.path));
  bool others = false;
  for (const OptionInfo& option : command.options) {
    if (option.required) {
      page.macro(
          fmt::format(".Fl {} Ar {}", option.names.back().substr(1), macro_words(option.metavar)));
    } else {
      others = true;
    }
  }
  if (others) page.macro(".Op Ar options");
  for (const OptionInfo& argument : command.arguments) {
    page.macro(fmt::format(".{} {}{}", argument.required ? "Ar" : "Op Ar",
                           macro_words(argument.metavar), argument.repeatable ? " ..." : ""));
  }
}

void add_options(ManualPage& page, const std::vector<OptionInfo>& options,
                 const std::vector<OptionInfo>& arguments) {
  if (options.empty() && arguments.empty()) return;
  page.begin_terms();
  for (const OptionInfo& argument : arguments) {
    page.term("Ar " + macro_words(argument.metavar), option_sentence(argument));
  }
  for (const OptionInfo& option : options) page.term(flags(option), option_sentence(option));
  page.end_list();
}

std::vector<OptionInfo> without_help(const std::vector<OptionInfo>& options) {
  std::vector<OptionInfo> out;
  for (const OptionInfo& option : options) {
    if (option.names.back() != "--help") out.push_back(option);
  }
  return out;
}

void collect_leaves(const CommandInfo& command, std::vector<const CommandInfo*>& out) {
  if (command.commands.empty()) out.push_back(&command);
  for (const CommandInfo& sub : command.commands) collect_leaves(sub, out);
}

// Where a status of the table means something of its own.
struct OwnStatus {
  std::string_view command;
  int status;
  std::string_view meaning;
};
constexpr std::array kOwnStatuses = {
    OwnStatus{"health", 0, "healthy, or degraded: it works, and `problem` says what is amiss"},
    OwnStatus{"health", 1, "unhealthy"},
    OwnStatus{"health", 75, "the daemon or the store cannot be reached"},
};

void add_own_exit_status(ManualPage& page, std::string_view command) {
  page.section("exit status");
  const bool own = std::ranges::count(kOwnStatuses, command, &OwnStatus::command) > 0;
  if (own) {
    page.begin_terms();
    for (const OwnStatus& row : kOwnStatuses) {
      if (row.command == command) page.term(std::to_string(row.status), row.meaning);
    }
    page.end_list();
  }
  page.paragraph(own ? "2 for a wrong command line, else as listed in logctl(1)."
                     : "0 on success, 2 for a wrong command line, else as listed in logctl(1).");
}

void add_exit_status(ManualPage& page) {
  page.section("exit status");
  page.begin_terms();
  for (const ExitStatus& row : exit_statuses()) {
    page.term(std::to_string(row.status), row.meaning);
  }
  page.end_list();
}

void add_examples(ManualPage& page, std::string_view command) {
  bool begun = false;
  for (const Example& example : examples()) {
    if (example.command != command) continue;
    if (!begun) page.section("examples");
    begun = true;
    page.example(example.what, example.line);
  }
}

}  // namespace

std::string program_manual(const CommandInfo& program) {
  ManualPage page("logctl", 1, "log ingestion daemon and its tools");
  page.section("synopsis");
  page.macro(".Nm");
  page.macro(".Op Ar options");
  page.macro(".Ar command");
  page.macro(".Op Ar argument ...");
  page.section("description");
  page.paragraph(
      "`logctl` takes log records in over HTTP and from files, keeps them in an embedded SQLite "
      "store or in PostgreSQL, and gives them back. Success is answered only for what is on disk, "
      "and it can show that nothing was lost. The same program is the daemon (`logctl serve`) and "
      "every tool around it.");
  page.paragraph(
      "The daemon listens on port 8080 (`server.port`). Its clients show a key that `logctl keys "
      "create` prints, in the header `Authorization: Bearer KEY` or `X-API-Key: KEY`; "
      "logctl-http(7) "
      "has the paths.");
  page.paragraph(
      "Data goes to standard output, everything else to standard error. Each command has a page of "
      "its own, named `logctl-COMMAND`; `logctl help COMMAND` says the same in short.");
  page.section("commands");
  page.begin_terms();
  for (const CommandInfo& command : program.commands) {
    page.term("Cm " + macro_words(command.path), command.summary);
  }
  page.end_list();
  page.section("options");
  page.paragraph("These are understood before and after every command.");
  add_options(page, program.options, {});
  page.section("environment");
  page.begin_terms();
  page.term("Ev LOGCTL_CONFIG", "the configuration file, when --config does not name one");
  page.term("Ev LOGCTL_SECTION_KEY",
            "any option of the configuration: LOGCTL_SERVER_PORT is server.port; for secrets also "
            "with _FILE appended, the name of a file that holds it");
  page.term("Ev LOGCTL_API_KEY , Ev LOGCTL_API_KEY_FILE",
            "the key that commands with --url show to the daemon, or a file that holds it");
  page.term("Ev LOGCTL_TOKEN , Ev LOGCTL_TOKEN_FILE",
            "the token of a namespace that `logctl streams` with --url shows to the daemon, or a "
            "file that holds it");
  page.term("Ev CREDENTIALS_DIRECTORY",
            "set by systemd: a file in it named like a secret option, such as database.password, "
            "gives its value");
  page.term("Ev NO_COLOR", "not empty: never colour");
  page.term("Ev CLICOLOR_FORCE", "neither empty nor 0: colour also where there is no terminal");
  page.term("Ev CLICOLOR", "0: no colour on a terminal either");
  page.term("Ev NOTIFY_SOCKET , Ev WATCHDOG_USEC , Ev LISTEN_FDS",
            "set by systemd: where the daemon reports, how often it must, and the sockets that it "
            "takes over");
  page.end_list();
  page.section("files");
  page.paragraph(
      "Without --config and LOGCTL_CONFIG the first of these that exists is the configuration; "
      "`logctl config path` shows which.");
  page.begin_terms();
  for (const char* path : {"config.yaml", "config/config.yaml",
                           "$XDG_CONFIG_HOME/logctl/config.yaml", "/etc/logctl/config.yaml"}) {
    page.macro(fmt::format(".It Pa {}", path));
  }
  page.end_list();
  page.paragraph(
      "The store and what belongs to the daemon lie in `storage.data_dir`, by default "
      "/var/lib/logctl for root and the service. Backups go to `backup.dir`, by default the folder "
      "`backups` in it, which is lost with its disk.");
  add_exit_status(page);
  add_examples(page, "");
  std::vector<std::pair<std::string, int>> pages;
  for (const CommandInfo& command : program.commands)
    pages.emplace_back("logctl-" + command.path, 1);
  pages.emplace_back("logctl-config", 5);
  pages.emplace_back("logctl-spool", 5);
  pages.emplace_back("logctl-http", 7);
  page.see_also(pages);
  return page.text();
}

std::string command_manual(const CommandInfo& command) {
  ManualPage page("logctl-" + command.path, 1, command.summary);
  std::vector<const CommandInfo*> leaves;
  collect_leaves(command, leaves);
  page.section("synopsis");
  for (const CommandInfo* leaf : leaves) {
    page.macro(".Nm logctl");
    add_synopsis_line(page, *leaf);
  }
  page.section("description");
  page.paragraph(command.summary + ".");
  page.paragraph(
      "The options of the program, such as --config, --set and --output, are understood too; see "
      "logctl(1).");
  if (leaves.size() == 1 && leaves.front() == &command) {
    add_options(page, without_help(command.options), command.arguments);
  } else {
    if (const auto own = without_help(command.options); !own.empty()) add_options(page, own, {});
    page.section("commands");
    for (const CommandInfo* leaf : leaves) {
      page.subsection("logctl " + leaf->path);
      page.paragraph(leaf->summary + ".");
      add_options(page, without_help(leaf->options), leaf->arguments);
    }
  }
  add_own_exit_status(page, command.path);
  add_examples(page, command.path);
  page.see_also({{"logctl", 1}, {"logctl-config", 5}});
  return page.text();
}

}  // namespace logctl::cli
