// How a command joins the program: one row in commands.cpp, one file in commands/.
//
// `define` receives the command's own Arguments, already named and described from the row; it adds
// options and, for `keys create` and the like, subcommands. A leaf's callback only fills
// `program.action`, which runs after the whole command line was understood:
//
//   auto options = std::make_shared<Options>();
//   leaf.add_option("--name", options->name, "what people call it").required();
//   leaf.callback([&program, options] {
//     program.action = [options](Context& context) { return create(context, *options); };
//   });
//
// An action returns the exit status or throws.
#pragma once

#include "cli/context.h"

#include <functional>
#include <span>
#include <string_view>

namespace logctl::cli {

class Arguments;

using Action = std::function<int(Context&)>;

struct Program {
  Action action;
  bool prints_secret = false;  // understands -o env, k8s-secret and systemd-credential
};

struct Command {
  std::string_view name;
  std::string_view summary;
  void (*define)(Arguments app, Program& program);
  bool hidden = false;  // for scripts and builds: not in help, man pages and completions
};

// Every command, in the order of `logctl help`.
std::span<const Command> commands();

}  // namespace logctl::cli
