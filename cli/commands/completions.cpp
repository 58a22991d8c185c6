#include "cli/reference/completions.h"

#include "cli/arguments.h"
#include "cli/commands/commands.h"

namespace logctl::cli {

void define_completions(Arguments app, Program& program) {
  const auto add = [&](const char* shell, const char* summary,
                       std::string (*script)(const CommandInfo&)) {
    app.add_subcommand(shell, summary).callback([app, &program, script] {
      program.action = [app, script](Context& context) {
        context.out().raw(script(describe(app.parent())));
        return 0;
      };
    });
  };
  add("bash", "for bash: into /etc/bash_completion.d/, or source it", bash_completion);
  add("zsh", "for zsh: as _logctl into a directory of $fpath", zsh_completion);
  add("fish", "for fish: into ~/.config/fish/completions/", fish_completion);
}

}  // namespace logctl::cli
