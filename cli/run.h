// The program from arguments to exit status; main() only adds the process around it.
#pragma once

#include "cli/command.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace logctl::cli {

// What the process gives: streams, terminals, environment, time.
struct Surroundings {
  Sink& out;
  Sink& err;
  config::Environment environment;
  const Clock& clock;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::size_t width = 0;   // columns of the terminal; 0: unlimited
  bool read_only = false;  // stores are opened without changing or making anything
};

// Parses the arguments (without the program's name), runs the action, prints what went wrong and
// returns the exit status. Lets BrokenPipe through.
int run(const std::vector<std::string>& arguments, const Surroundings& surroundings);

// Builds the whole tree of commands below `app`.
void define_program(CLI::App& app, Globals& globals, Program& program);

}  // namespace logctl::cli
