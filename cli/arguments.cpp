#include "cli/arguments.h"

#include "shared/base/error.h"
#include "shared/base/units.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

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
