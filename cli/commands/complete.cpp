// `logctl complete COMMAND`: the ids that `logctl COMMAND list` shows, one a line. What completion
// scripts call while a person types, so it changes nothing and never complains.
#include "cli/arguments.h"
#include "cli/commands/commands.h"
#include "cli/run.h"

#include <memory>
#include <string>

namespace logctl::cli {
namespace {

int complete(Context& context, const std::string& command) {
  std::vector<std::string> arguments = {command, "list", "--output", "plain", "--quiet"};
  if (!context.globals().config_file.empty()) {
    arguments.insert(arguments.end(), {"--config", context.globals().config_file});
  }
  for (const std::string& setting : context.globals().set) {
    arguments.insert(arguments.end(), {"--set", setting});
  }
  StringSink out;
  StringSink silent;
  const Surroundings surroundings{.out = out,
                                  .err = silent,
                                  .environment = context.environment(),
                                  .clock = context.clock(),
                                  .read_only = true};
  run(arguments, surroundings);
  std::string_view rest = out.text();
  std::string ids;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    ids += std::string(line.substr(0, line.find('\t'))) + "\n";
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  context.out().raw(ids);
  return 0;
}

}  // namespace

void define_complete(Arguments app, Program& program) {
  auto command = std::make_shared<std::string>();
  app.add_option("COMMAND", *command, "the command whose ids are asked").required();
  app.callback([&program, command] {
    program.action = [command](Context& context) { return complete(context, *command); };
  });
}

}  // namespace logctl::cli
