// Kinds of option values and questions that several commands share.
#pragma once

#include "cli/context.h"
#include "shared/base/clock.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace logctl::cli {

// An option with a duration as text (`5s`, `1h30m`); the help names the default that `target`
// holds.
CLI::Option* add_duration(CLI::App& app, const std::string& name, microseconds& target,
                          const std::string& help);

// Lets `option` take a whole number from `least` on.
CLI::Option* whole_number(CLI::Option* option, std::uint64_t least);
// Lets `option` take one of `words` only; the message of the refusal, the help and the completions
// name them.
CLI::Option* one_of(CLI::Option* option, const std::vector<std::string>& words);
// The words of one_of (or CLI::IsMember); empty when there are none.
std::vector<std::string> allowed_words(const CLI::Option& option);
// What the help calls the option's value, without the words that are allowed.
std::string value_name(const CLI::Option& option);

// Returns when `confirmed`, or when the person at the terminal answers yes. Throws Error{usage}
// naming `flag` when there is no terminal, Error{conflict} when the answer is no.
void require_confirmation(Context& context, std::string_view question, bool confirmed,
                          std::string_view flag);

}  // namespace logctl::cli
