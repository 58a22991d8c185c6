// Kinds of option values and questions that several commands share.
#pragma once

#include "cli/context.h"
#include "shared/base/clock.h"

#include <string>
#include <string_view>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace logctl::cli {

// An option with a duration as text (`5s`, `1h30m`); the help names the default that `target`
// holds.
CLI::Option* add_duration(CLI::App& app, const std::string& name, microseconds& target,
                          const std::string& help);

// Returns when `confirmed`, or when the person at the terminal answers yes. Throws Error{usage}
// naming `flag` when there is no terminal, Error{conflict} when the answer is no.
void require_confirmation(Context& context, std::string_view question, bool confirmed,
                          std::string_view flag);

}  // namespace logctl::cli
