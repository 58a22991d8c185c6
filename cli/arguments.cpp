#include "cli/arguments.h"

#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/units.h"
#include "shared/config/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <unistd.h>

namespace logctl::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& name, microseconds& target,
                          const std::string& help) {
  const auto check = [](const std::string& text) {
    if (parse_duration(text)) return std::string();
    return fmt::format("found '{}', expected a duration like 250ms, 5s or 1h30m", text);
  };
  return app
      .add_option_function<std::string>(
          name, [&target](const std::string& text) { target = *parse_duration(text); },
          fmt::format("{} (default {})", help, format_duration(target)))
      ->type_name("DURATION")
      ->check(CLI::Validator(check, ""));
}

CLI::Option* whole_number(CLI::Option* option, std::uint64_t least) {
  const auto check = [least](const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end && number >= least) return std::string();
    return fmt::format("found '{}', expected a whole number from {}", terminal_safe(text), least);
  };
  return option->check(CLI::Validator(check, ""));
}

CLI::Option* one_of(CLI::Option* option, const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    const std::vector<std::string_view> views(words.begin(), words.end());
    const std::string_view guess = nearest_name(text, views);
    return fmt::format("found '{}', allowed are {}{}", terminal_safe(text), fmt::join(words, ", "),
                       guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess));
  };
  return option->check(CLI::Validator(check, fmt::format("{{{}}}", fmt::join(words, ","))));
}

std::vector<std::string> allowed_words(const CLI::Option& option) {
  const std::string type = option.get_type_name();  // name, colon, what the checks allow
  const std::size_t open = type.find(":{");
  if (open == std::string::npos || !type.ends_with('}')) return {};
  const std::string_view list = std::string_view(type).substr(open + 2, type.size() - open - 3);
  return config::split_list(list);
}

std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

void require_confirmation(Context& context, std::string_view question, bool confirmed,
                          std::string_view flag) {
  if (confirmed) return;
  if (::isatty(STDIN_FILENO) != 1 || !context.out().err_is_terminal()) {
    throw Error(ErrorCode::usage, fmt::format("{}, and nobody is there to confirm it", question),
                fmt::format("add {}", flag));
  }
  context.out().error(fmt::format("{}. Type yes to go on:", question));
  std::string answer;
  std::getline(std::cin, answer);
  if (answer != "yes") throw Error(ErrorCode::conflict, "not confirmed, nothing was done");
}

}  // namespace logctl::cli
