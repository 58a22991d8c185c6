// What a command takes: its options, the words without a name and the commands below it; and a
// question that several commands share.
//
// Arguments and Option stand for parts of the program's tree of commands: they are copied freely
// and are valid as long as the tree (run.h). What CLI11 does is behind them, for its header costs
// more to compile than any command: only what builds or reads the whole tree includes it.
#pragma once

#include "shared/base/clock.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace logctl::cli {

class Context;

// Each function that changes the option returns it, so that they can follow one another.
class Option {
 public:
  Option() = default;  // none
  explicit Option(CLI::Option& option) : option_(&option) {}

  // What the help calls the value.
  Option type_name(const char* name);
  // The help names the value that the target holds now.
  Option show_default();
  Option required();
  Option needs(Option other);
  Option excludes(Option other);
  Option excludes(const char* name);  // an option of the same command

  // It takes a whole number from `least` on.
  Option whole_number(std::int64_t least);
  // It takes `what`, which is not empty.
  Option not_empty(const char* what);
  // The help names the bounds.
  Option in_range(std::uint64_t least, std::uint64_t most);
  // The message of the refusal, the help and the completions name `words`.
  Option one_of(const std::vector<std::string>& words);

  // What completions offer besides what the value's name stands for; nothing is checked.
  Option offers(const std::vector<std::string>& words);
  Option offers_list(const std::vector<std::string>& words);    // a comma list of them
  Option offers_starts(const std::vector<std::string>& words);  // a value goes on behind them

  // How often it was given, after parsing.
  std::size_t count() const;

 private:
  Option offer(const char* form, const std::vector<std::string>& words);

  CLI::Option* option_ = nullptr;
};

// One command. A target must outlive the parsing.
class Arguments {
 public:
  explicit Arguments(CLI::App& app) : app_(&app) {}

  // `name` is like `--limit` or `-n,--lines`; without dashes the option is a word by its place.
  Option add_option(const std::string& name, std::string& target, const std::string& help);
  Option add_option(const std::string& name, std::uint32_t& target, const std::string& help);
  Option add_option(const std::string& name, std::uint64_t& target, const std::string& help);
  Option add_option(const std::string& name, std::optional<std::uint16_t>& target,
                    const std::string& help);
  Option add_option(const std::string& name, std::optional<std::uint32_t>& target,
                    const std::string& help);
  Option add_option(const std::string& name, std::optional<std::uint64_t>& target,
                    const std::string& help);
  Option add_option(const std::string& name, std::optional<std::int64_t>& target,
                    const std::string& help);
  // Repeatable: with dashes one value each time, without them all words that are left.
  Option add_option(const std::string& name, std::vector<std::string>& target,
                    const std::string& help);
  // A duration as text; the refusal of what is none names `examples`.
  Option add_option(const std::string& name, microseconds& target, const std::string& help,
                    std::string_view examples);
  // The same with the common examples; the help names the default that `target` holds.
  Option add_duration(const std::string& name, microseconds& target, const std::string& help);
  Option add_flag(const std::string& name, bool& target, const std::string& help);
  Option add_dry_run(bool& target,
                     const std::string& help = "say what would be done, change nothing");

  Arguments add_subcommand(const std::string& name, const std::string& summary);
  // Calls `chosen` when this is the command that was given and its targets are filled.
  void callback(std::function<void()> chosen);

  Arguments parent() const;
  std::string name() const;
  std::vector<Arguments> subcommands() const;  // with hidden ones
  std::string help() const;
  const CLI::App& app() const { return *app_; }

 private:
  CLI::App* app_;
};

// "logctl keys create": what to type for this command.
std::string full_name(const CLI::App& app);
// The words of one_of; empty when there are none.
std::vector<std::string> allowed_words(const CLI::Option& option);
// What offers() and its like were told.
struct Offer {
  enum class Form { none, words, list, starts };
  Form form = Form::none;
  std::vector<std::string> words;
};
Offer offered(const CLI::Option& option);
// What the help calls the option's value, without the words that are allowed.
std::string value_name(const CLI::Option& option);
// Description and allowed words, as help and man pages give them.
std::string option_text(const std::string& help, const std::vector<std::string>& words);

// Returns when `confirmed`, or when the person at the terminal answers yes. Throws Error{usage}
// naming `flag` when there is no terminal, Error{conflict} when the answer is no.
void require_confirmation(Context& context, std::string_view question, bool confirmed,
                          std::string_view flag);

}  // namespace logctl::cli
