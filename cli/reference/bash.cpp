#include "cli/reference/completions.h"
#include "embedded_texts.h"
#include "shared/config/options.h"

#include <fmt/format.h>

#include <algorithm>

namespace logctl::cli {
namespace {

void add_places(const CommandInfo& command, std::vector<const OptionInfo*> above,
                std::vector<Place>& out) {
  std::vector<const OptionInfo*> options;
  for (const OptionInfo& option : command.options) options.push_back(&option);
  for (const OptionInfo* option : above) {
    // --help belongs to every command by itself.
    const bool own = std::any_of(command.options.begin(), command.options.end(),
                                 [&](const auto& mine) { return mine.names == option->names; });
    if (!own && option->names != std::vector<std::string>{"--version"}) options.push_back(option);
  }
  out.push_back({&command, options});
  for (const CommandInfo& sub : command.commands) add_places(sub, options, out);
}

}  // namespace

std::vector<Place> places(const CommandInfo& program) {
  std::vector<Place> out;
  add_places(program, {}, out);
  return out;
}

std::string kind_of(const Suggestions& suggestions) {
  switch (suggestions.kind) {
    case Suggestions::Kind::none:
      return "nothing";
    case Suggestions::Kind::words:
      return fmt::format("words {}", fmt::join(suggestions.words, " "));
    case Suggestions::Kind::list:
      return fmt::format("list {}", fmt::join(suggestions.words, " "));
    case Suggestions::Kind::starts:
      return fmt::format("starts {}", fmt::join(suggestions.words, " "));
    case Suggestions::Kind::files:
      return "files";
    case Suggestions::Kind::folders:
      return "folders";
    case Suggestions::Kind::settings:
      return "settings";
    case Suggestions::Kind::ids:
      return fmt::format("ids {}{}{}", suggestions.source, suggestions.words.empty() ? "" : " ",
                         fmt::join(suggestions.words, " "));
  }
  return "nothing";
}

std::string shell_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out.push_back(c);
    }
  }
  return out + "'";
}

std::vector<std::string> setting_words() {
  std::vector<std::string> words;
  for (const config::Option& option : config::options()) {
    if (option.secrecy != config::Secrecy::whole) words.push_back(std::string(option.key) + "=");
  }
  return words;
}

std::string filled(std::string_view form, std::string_view tables) {
  constexpr std::string_view kMark = "@TABLES@\n";
  const std::size_t at = form.find(kMark);
  return std::string(form.substr(0, at))
      .append(tables)
      .append("\n")
      .append(form.substr(at + kMark.size()));
}

std::string bash_completion(const CommandInfo& program) {
  std::string out = "# Sets what the words so far mean.\n_logctl_place() {\n  case $1 in\n";
  std::string values;
  for (const Place& place : places(program)) {
    std::vector<std::string> commands;
    std::vector<std::string> options;
    std::vector<std::string> arguments;
    for (const CommandInfo& sub : place.command->commands) commands.push_back(sub.name());
    for (const OptionInfo* option : place.options) {
      options.insert(options.end(), option->names.begin(), option->names.end());
      if (!option->takes_value()) continue;
      for (const std::string& name : option->names) {
        values += fmt::format("    {}) _logctl_kind={} ;;\n",
                              shell_quoted(place.command->path + ":" + name),
                              shell_quoted(kind_of(option->suggestions)));
      }
    }
    for (const OptionInfo& argument : place.command->arguments) {
      arguments.push_back(shell_quoted(kind_of(argument.suggestions)));
    }
    out += fmt::format(
        "    {})\n      _logctl_commands='{}'\n      _logctl_options='{}'\n      "
        "_logctl_arguments=({}) ;;\n",
        shell_quoted(place.command->path), fmt::join(commands, " "), fmt::join(options, " "),
        fmt::join(arguments, " "));
  }
  out +=
      "  esac\n}\n\n# What the value of an option may be; nothing for a flag.\n_logctl_value() {\n";
  out += "  _logctl_kind=''\n  case $1:$2 in\n" + values + "  esac\n}\n\n";
  out += fmt::format("_logctl_settings='{}'\n", fmt::join(setting_words(), " "));
  return filled(embedded::bash_completion(), out);
}

}  // namespace logctl::cli
