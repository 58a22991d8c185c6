#include "cli/reference/completions.h"
#include "embedded_texts.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

// In single quotes fish knows two escapes only.
std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "'";
}

// The arguments of `complete` that say what values there are.
std::string values_of(const Suggestions& suggestions) {
  switch (suggestions.kind) {
    case Suggestions::Kind::none:
      return "-x";
    case Suggestions::Kind::words:
      return "-xa " + fish_quoted(fmt::format("{}", fmt::join(suggestions.words, " ")));
    case Suggestions::Kind::list:
      return "-xa " +
             fish_quoted(fmt::format("(__logctl_list {})", fmt::join(suggestions.words, " ")));
    case Suggestions::Kind::starts:
      return "-xa " + fish_quoted(fmt::format("{}", fmt::join(suggestions.words, " ")));
    case Suggestions::Kind::files:
      return "-rF";
    case Suggestions::Kind::folders:
      return "-xa '(__fish_complete_directories)'";
    case Suggestions::Kind::settings:
      return "-xa '$__logctl_settings'";
    case Suggestions::Kind::ids:
      return "-xa " + fish_quoted(fmt::format("(__logctl_ids {}){}{}", suggestions.source,
                                              suggestions.words.empty() ? "" : " ",
                                              fmt::join(suggestions.words, " ")));
  }
  return "-x";
}

std::string option_line(const std::string& condition, const OptionInfo& option) {
  std::string out = fmt::format("complete -c logctl -n {}", fish_quoted(condition));
  for (const std::string& name : option.names) {
    out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (option.takes_value()) out += " " + values_of(option.suggestions);
  return out + " -d " + fish_quoted(option.help) + "\n";
}

}  // namespace

std::string fish_completion(const CommandInfo& program) {
  std::string commands;
  std::string valued;
  std::string lines;
  for (const Place& place : places(program)) {
    const std::string& path = place.command->path;
    const std::string at = "__logctl_at \"" + path + "\"";
    if (!path.empty()) commands += " \\\n    " + fish_quoted(path);
    lines += "\n";
    for (const CommandInfo& sub : place.command->commands) {
      lines += fmt::format("complete -c logctl -n {} -a {} -d {}\n", fish_quoted(at + " 0 0"),
                           sub.name(), fish_quoted(sub.summary));
    }
    for (const OptionInfo* option : place.options) {
      lines += option_line(at, *option);
      if (!option->takes_value()) continue;
      for (const std::string& name : option->names) {
        valued += " \\\n    " + fish_quoted(path + ":" + name);
      }
    }
    const auto& arguments = place.command->arguments;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i].suggestions.kind == Suggestions::Kind::none) continue;
      const bool last = i + 1 == arguments.size();  // may repeat
      const std::string here =
          last ? fmt::format("{} {}", at, i) : fmt::format("{} {} {}", at, i, i);
      std::string values = values_of(arguments[i].suggestions);
      if (values.starts_with("-xa")) values = "-fa" + values.substr(3);
      if (values == "-rF") values = "-F";
      lines += fmt::format("complete -c logctl -n {} {}\n", fish_quoted(here), values);
    }
  }
  std::string out = "set -g __logctl_commands" + commands + "\n\nset -g __logctl_valued" + valued;
  out += "\n\nset -g __logctl_settings";
  for (const std::string& word : setting_words()) out += " \\\n    " + word;
  return filled(embedded::fish_completion(), out + "\n") + lines;
}

}  // namespace logctl::cli
