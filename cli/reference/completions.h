// Completion scripts for shells. The words in them come from the description of the command line;
// ids of keys, backups and the like are asked from the binary while the person types.
#pragma once

#include "cli/reference/describe.h"

#include <string>
#include <string_view>
#include <vector>

namespace logctl::cli {

std::string bash_completion(const CommandInfo& program);
std::string zsh_completion(const CommandInfo& program);
std::string fish_completion(const CommandInfo& program);

// A command together with all options that are understood there: its own, then those above it.
struct Place {
  const CommandInfo* command;
  std::vector<const OptionInfo*> options;
};
// Every command of the tree, the program first.
std::vector<Place> places(const CommandInfo& program);

// What the function _logctl_offer of the scripts for bash and zsh understands: a kind and its
// words.
std::string kind_of(const Suggestions& suggestions);
// `text` in single quotes of a POSIX shell.
std::string shell_quoted(const std::string& text);
// A script of templates/ with its tables.
std::string filled(std::string_view form, std::string_view tables);
// Keys of the configuration that `--set` takes, each with `=`.
std::vector<std::string> setting_words();

}  // namespace logctl::cli
