#include "cli/commands/commands.h"
#include "cli/run.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <memory>
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
const CLI::App& find_command(const CLI::App& root, const std::vector<std::string>& words) {
  const CLI::App* app = &root;
  for (const std::string& word : words) {
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(sub->get_name());
      if (sub->get_name() == word) next = sub;
    }
    if (next == nullptr) {
      if (app == &root) names.emplace_back(kExitCodes);
      const std::vector<std::string_view> views(names.begin(), names.end());
      const std::string_view guess = nearest_name(word, views);
      throw Error(ErrorCode::usage, fmt::format("no help on '{}'", fmt::join(words, " ")),
                  guess.empty() ? "`logctl help` lists the commands"
                                : fmt::format("did you mean '{}'?", guess));
    }
    app = next;
  }
  return *app;
}

}  // namespace

void define_help(CLI::App& app, Program& program) {
  auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("TOPIC", *words, "a command, or exit-codes");
  app.callback([&app, &program, words] {
    program.action = [&app, words](Context& context) {
      if (words->size() == 1 && words->front() == kExitCodes) return exit_codes(context);
      const CLI::App& root = *app.get_parent();
      const CLI::App& command = find_command(root, *words);
      // Not App::help(), which would explain the chosen command: this one.
      context.out().raw(command.get_formatter()->make_help(&command, full_name(command),
                                                           CLI::AppFormatMode::Normal));
      return 0;
    };
  });
}

}  // namespace logctl::cli
