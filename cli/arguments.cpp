#include "cli/arguments.h"

#include "cli/context.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/units.h"
#include "shared/config/options.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <unistd.h>
#include <utility>

namespace logctl::cli {
namespace {

constexpr std::string_view kOffer = "@offer ";

}  // namespace

Option Option::type_name(const char* name) {
  option_->type_name(name);
  return *this;
}

Option Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Option Option::required() {
  option_->required();
  return *this;
}

Option Option::needs(Option other) {
  option_->needs(other.option_);
  return *this;
}

Option Option::excludes(Option other) {
  option_->excludes(other.option_);
  return *this;
}

Option Option::excludes(const char* name) {
  option_->excludes(std::string(name));
  return *this;
}

Option Option::not_empty(const char* what) {
  const auto check = [what](const std::string& text) {
    return text.empty() ? fmt::format("found '', expected {}", what) : std::string();
  };
  option_->check(CLI::Validator(check, ""));
  return *this;
}

Option Option::whole_number(std::int64_t least) {
  const auto check = [least](const std::string& text) {
    const char* const end = text.data() + text.size();
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end && number >= least) return std::string();
    std::uint64_t large = 0;
    const auto [large_stop, none] = std::from_chars(text.data(), end, large);
    if (error == std::errc::result_out_of_range && none == std::errc() && large_stop == end) {
      return std::string();
    }
    return fmt::format("found '{}', expected a whole number from {}", terminal_safe(text), least);
  };
  option_->check(CLI::Validator(check, ""));
  return *this;
}

Option Option::in_range(std::uint64_t least, std::uint64_t most) {
  const auto check = [least, most](const std::string& text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end && number >= least && number <= most) {
      return std::string();
    }
    return fmt::format("found '{}', expected a whole number from {} to {}", terminal_safe(text),
                       least, most);
  };
  option_->check(CLI::Validator(check, fmt::format("{}..{}", least, most)));
  return *this;
}

Option Option::one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    const std::vector<std::string_view> views(words.begin(), words.end());
    const std::string_view guess = nearest_name(text, views);
    return fmt::format("found '{}', allowed are {}{}", terminal_safe(text), fmt::join(words, ", "),
                       guess.empty() ? "" : fmt::format("; did you mean '{}'?", guess));
  };
  option_->check(CLI::Validator(check, fmt::format("{{{}}}", fmt::join(words, ","))));
  return *this;
}

Option Option::offers(const std::vector<std::string>& words) { return offer("words", words); }
Option Option::offers_list(const std::vector<std::string>& words) { return offer("list", words); }
Option Option::offers_starts(const std::vector<std::string>& words) {
  return offer("starts", words);
}

// Kept where allowed words are: with the name of the value.
Option Option::offer(const char* form, const std::vector<std::string>& words) {
  option_->check(CLI::Validator([](const std::string&) { return std::string(); },
                                fmt::format("{}{} {}", kOffer, form, fmt::join(words, ","))));
  return *this;
}

std::size_t Option::count() const { return option_->count(); }

Option Arguments::add_option(const std::string& name, std::string& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::uint32_t& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::uint64_t& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::optional<std::uint16_t>& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::optional<std::uint32_t>& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::optional<std::uint64_t>& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::optional<std::int64_t>& target,
                             const std::string& help) {
  return Option(*app_->add_option(name, target, help));
}

Option Arguments::add_option(const std::string& name, std::vector<std::string>& target,
                             const std::string& help) {
  CLI::Option* option = app_->add_option(name, target, help);
  if (!option->get_positional()) option->allow_extra_args(false);
  return Option(*option);
}

Option Arguments::add_option(const std::string& name, microseconds& target, const std::string& help,
                             std::string_view examples) {
  const auto check = [examples = std::string(examples)](const std::string& text) {
    if (parse_duration(text)) return std::string();
    return fmt::format("found '{}', expected a duration like {}", text, examples);
  };
  const auto set = [&target](const std::string& text) { target = *parse_duration(text); };
  return Option(*app_->add_option_function<std::string>(name, set, help)
                     ->type_name("DURATION")
                     ->check(CLI::Validator(check, "")));
}

Option Arguments::add_duration(const std::string& name, microseconds& target,
                               const std::string& help) {
  return add_option(name, target, fmt::format("{} (default {})", help, format_duration(target)),
                    "250ms, 5s or 1h30m");
}

Option Arguments::add_flag(const std::string& name, bool& target, const std::string& help) {
  return Option(*app_->add_flag(name, target, help));
}

Option Arguments::add_dry_run(bool& target, const std::string& help) {
  return add_flag("-n,--dry-run", target, help);
}

Arguments Arguments::add_subcommand(const std::string& name, const std::string& summary) {
  return Arguments(*app_->add_subcommand(name, summary));
}

void Arguments::callback(std::function<void()> chosen) { app_->callback(std::move(chosen)); }

Arguments Arguments::parent() const { return Arguments(*app_->get_parent()); }

std::string Arguments::name() const { return app_->get_name(); }

std::vector<Arguments> Arguments::subcommands() const {
  std::vector<Arguments> all;
  for (CLI::App* sub : app_->get_subcommands([](const CLI::App*) { return true; })) {
    all.emplace_back(*sub);
  }
  return all;
}

std::string Arguments::help() const {
  // Not App::help(), which would explain the command that was given: this one.
  return app_->get_formatter()->make_help(app_, full_name(*app_), CLI::AppFormatMode::Normal);
}

std::string full_name(const CLI::App& app) {
  if (app.get_parent() == nullptr) return app.get_name();
  return full_name(*app.get_parent()) + " " + app.get_name();
}

std::vector<std::string> allowed_words(const CLI::Option& option) {
  const std::string type = option.get_type_name();  // name, colon, what the checks allow
  const std::size_t open = type.find(":{");
  if (open == std::string::npos || !type.ends_with('}')) return {};
  const std::string_view list = std::string_view(type).substr(open + 2, type.size() - open - 3);
  return config::split_list(list);
}

Offer offered(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t at = type.find(":" + std::string(kOffer));
  if (at == std::string::npos) return {};
  const std::string_view text = std::string_view(type).substr(at + 1 + kOffer.size());
  const std::string_view form = text.substr(0, text.find(' '));
  return {form == "list"     ? Offer::Form::list
          : form == "starts" ? Offer::Form::starts
                             : Offer::Form::words,
          config::split_list(text.substr(form.size() + 1))};
}

std::string value_name(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

std::string option_text(const std::string& help, const std::vector<std::string>& words) {
  return words.empty() ? help : fmt::format("{}; one of {}", help, fmt::join(words, ", "));
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
