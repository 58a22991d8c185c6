#include "cli/reference/describe.h"

#include "cli/arguments.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>

namespace logctl::cli {
namespace {

bool shown(const CLI::App* app) { return !app->get_group().empty(); }

std::vector<const CLI::App*> subcommands(const CLI::App& app) { return app.get_subcommands(shown); }

// The top-level command that `app` belongs to; null for the program.
const CLI::App* top_level(const CLI::App* app) {
  if (app->get_parent() == nullptr) return nullptr;
  while (app->get_parent()->get_parent() != nullptr) app = app->get_parent();
  return app;
}

// Ids are those that the `list` of the same family of commands shows.
bool has_list(const CLI::App& app) {
  const auto subs = subcommands(app);
  return std::any_of(subs.begin(), subs.end(),
                     [](const CLI::App* sub) { return sub->get_name() == "list"; });
}

Suggestions suggestions_for(const CLI::App& app, const std::string& metavar,
                            std::vector<std::string> words, Offer offer) {
  using Kind = Suggestions::Kind;
  if (offer.form == Offer::Form::list) return {Kind::list, std::move(offer.words), {}};
  if (offer.form == Offer::Form::starts) return {Kind::starts, std::move(offer.words), {}};
  // A value named full|incremental says itself what it may be.
  if (words.empty() && metavar.find('|') != std::string::npos) {
    for (std::size_t at = 0; at <= metavar.size();) {
      const std::size_t bar = std::min(metavar.find('|', at), metavar.size());
      words.push_back(metavar.substr(at, bar - at));
      at = bar + 1;
    }
  }
  if (!words.empty()) return {Kind::words, std::move(words), {}};
  if (metavar == "FILE" || metavar == "PATH") return {Kind::files, {}, {}};
  if (metavar == "DIR" || metavar == "DIRECTORY") return {Kind::folders, {}, {}};
  if (metavar == "KEY=VALUE") return {Kind::settings, {}, {}};
  if (metavar == "TOPIC") {
    const CLI::App* root = &app;
    while (root->get_parent() != nullptr) root = root->get_parent();
    std::vector<std::string> topics = {"exit-codes"};
    for (const CLI::App* sub : subcommands(*root)) topics.push_back(sub->get_name());
    return {Kind::words, std::move(topics), {}};
  }
  const CLI::App* family = top_level(&app);
  if (metavar == "ID" && family != nullptr && has_list(*family)) {
    return {Kind::ids, std::move(offer.words), family->get_name()};
  }
  if (!offer.words.empty()) return {Kind::words, std::move(offer.words), {}};
  return {};
}

OptionInfo describe_option(const CLI::App& app, const CLI::Option& option) {
  OptionInfo info;
  std::vector<std::string> words = allowed_words(option);
  if (option.get_positional()) {
    info.names.push_back(option.get_name(true, false));
    info.metavar = info.names.front();
  } else {
    for (const std::string& name : option.get_snames()) info.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) info.names.push_back("--" + name);
    if (option.get_type_size() != 0) info.metavar = value_name(option);
  }
  info.fallback = option.get_default_str();
  info.help = option.get_description();
  info.required = option.get_required();
  info.repeatable = option.get_expected_max() == CLI::detail::expected_max_vector_size;
  info.suggestions = suggestions_for(app, info.metavar, std::move(words), offered(option));
  return info;
}

CommandInfo describe_below(const CLI::App& app, const std::string& path) {
  CommandInfo info;
  info.path = path;
  info.summary = app.get_description();
  info.footer = app.get_parent() == nullptr ? app.get_footer() : std::string();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;
    auto& list = option->get_positional() ? info.arguments : info.options;
    list.push_back(describe_option(app, *option));
  }
  for (const CLI::App* sub : subcommands(app)) {
    info.commands.push_back(
        describe_below(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name()));
  }
  return info;
}

}  // namespace

std::string CommandInfo::name() const {
  const std::size_t space = path.rfind(' ');
  return space == std::string::npos ? path : path.substr(space + 1);
}

CommandInfo describe(Arguments program) { return describe_below(program.app(), {}); }

}  // namespace logctl::cli
