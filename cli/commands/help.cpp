#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace logctl::cli {
namespace {

constexpr std::string_view kExitCodes = "exit-codes";

int exit_codes(Context& context) {
  std::vector<Row> rows;
  for (const ExitStatus& row : exit_statuses()) rows.push_back({row.status, row.meaning});
  context.out().table({"status", "meaning"}, rows);
  return 0;
}

// `words` name a command below `root`, one word per level.
Arguments find_command(Arguments root, const std::vector<std::string>& words) {
  Arguments command = root;
  bool at_root = true;
  for (const std::string& word : words) {
    std::vector<std::string> names;
    std::optional<Arguments> next;
    for (const Arguments& sub : command.subcommands()) {
      names.push_back(sub.name());
      if (sub.name() == word) next = sub;
    }
    if (!next) {
      if (at_root) names.emplace_back(kExitCodes);
      const std::vector<std::string_view> views(names.begin(), names.end());
      const std::string_view guess = nearest_name(word, views);
      throw Error(ErrorCode::usage, fmt::format("no help on '{}'", fmt::join(words, " ")),
                  guess.empty() ? "`logctl help` lists the commands"
                                : fmt::format("did you mean '{}'?", guess));
    }
    command = *next;
    at_root = false;
  }
  return command;
}

}  // namespace

void define_help(Arguments app, Program& program) {
  auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("TOPIC", *words, "a command, or exit-codes");
  app.callback([app, &program, words] {
    program.action = [app, words](Context& context) {
      if (words->size() == 1 && words->front() == kExitCodes) return exit_codes(context);
      const std::string text = find_command(app.parent(), *words).help();
      if (context.out().json()) {
        const std::string topic = fmt::format("{}", fmt::join(*words, " "));
        context.out().object({{"topic", topic.empty() ? Value() : Value(topic)}, {"text", text}});
      } else {
        context.out().raw(text);
      }
      return 0;
    };
  });
}

}  // namespace logctl::cli
