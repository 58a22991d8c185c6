#include "cli/reference/completions.h"
#include "embedded_texts.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

// `name:description` as _describe takes it.
std::string described(const std::string& name, const std::string& text) {
  std::string out;
  for (const char c : name) {
    if (c == ':') out.push_back('\\');
    out.push_back(c);
  }
  return shell_quoted(out + ":" + text);
}

}  // namespace

std::string zsh_completion(const CommandInfo& program) {
  std::string out;
  std::string values;
  out += "# Fills in what the words so far mean: subcommands, flags, operands.\n";
  out += "_logctl_place() {\n  case $1 in\n";
  for (const Place& place : places(program)) {
    out += fmt::format("    {})\n      subcommands=(", shell_quoted(place.command->path));
    for (const CommandInfo& sub : place.command->commands) {
      out += "\n        " + described(sub.name(), sub.summary);
    }
    out += ")\n      flags=(";
    for (const OptionInfo* option : place.options) {
      for (const std::string& name : option->names) {
        out += "\n        " + described(name, option->help);
        if (!option->takes_value()) continue;
        values +=
            fmt::format("    {}) kind={} ;;\n", shell_quoted(place.command->path + ":" + name),
                        shell_quoted(kind_of(option->suggestions)));
      }
    }
    out += ")\n      operands=(";
    for (const OptionInfo& argument : place.command->arguments) {
      out += "\n        " + shell_quoted(kind_of(argument.suggestions));
    }
    out += ") ;;\n";
  }
  out += "  esac\n}\n\n# What the value of an option may be; nothing for a flag.\n";
  out += "_logctl_value() {\n  kind=''\n  case $1:$2 in\n" + values + "  esac\n}\n\n";
  out += "typeset -ga logctl_settings=(";
  for (const std::string& word : setting_words()) out += "\n  " + shell_quoted(word);
  out += ")\n";
  return filled(embedded::zsh_completion(), out);
}

}  // namespace logctl::cli
