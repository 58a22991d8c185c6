// Runs another program and waits for it.
//
// The program is found through PATH, reads nothing, and its standard output is thrown away. It is
// killed when the calling thread ends before it, by whatever cause. Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace logctl {

struct ProgramCall {
  std::vector<std::string> arguments;                            // the program first
  std::vector<std::pair<std::string, std::string>> environment;  // besides our own
};

struct ProgramEnd {
  int status = 0;    // as a shell tells it: 128 + N after signal N
  std::string said;  // the end of its standard error
};

// Throws Error{not_found} when there is no such program, Error{io} when it cannot be started.
ProgramEnd run_program(const ProgramCall& call);

// The first line that the program prints for `--version`; throws like run_program.
std::string program_version(const std::string& program);

}  // namespace logctl
