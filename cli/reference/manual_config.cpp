#include "cli/reference/manuals.h"
#include "cli/reference/mdoc.h"
#include "shared/config/options.h"

#include <fmt/format.h>

namespace logctl::cli {
namespace {

std::string details(const config::Option& option) {
  const config::Config defaults;
  const config::Items items = option.binding.get(defaults);
  const std::string value = config::join_list(items);
  std::string text =
      fmt::format("{}. Allowed is {}; the default is {}.", option.help, option.binding.allowed,
                  value.empty() ? "empty" : "`" + value + "`");
  text += fmt::format(" Variable `{}`", config::variable_name(option));
  if (option.secret()) text += fmt::format(" or `{}_FILE`", config::variable_name(option));
  std::vector<std::string> aliases;
  for (const config::Alias& alias : option.aliases) {
    const char* unit = alias.unit == config::Unit::mebibytes    ? " (MiB)"
                       : alias.unit == config::Unit::minutes    ? " (minutes)"
                       : alias.unit == config::Unit::seconds    ? " (seconds)"
                       : alias.unit == config::Unit::per_minute ? " (per minute)"
                                                                : "";
    aliases.push_back(fmt::format("`{}`{}", alias.name, unit));
  }
  if (!aliases.empty()) text += fmt::format("; also {}", fmt::join(aliases, ", "));
  text += ".";
  if (option.reloadable) text += " Changed by a reload.";
  if (option.secret()) {
    text +=
        " Holds a secret: not taken from --set, hidden in `logctl config show`, and taken "
        "from a systemd credential of its name.";
  }
  return text;
}

}  // namespace

std::string config_manual() {
  ManualPage page("logctl-config", 5, "configuration of logctl");
  page.section("description");
  page.paragraph(
      "The configuration of logctl(1) is a YAML file of sections. Every option has a default, and "
      "an unknown key is an error that names the nearest one. `logctl config example` prints a "
      "file with all of them, `logctl config check` says what is wrong with one, `logctl config "
      "show` prints what is in force and where each value comes from.");
  page.paragraph(
      "From lowest to highest: the default, the file, the environment, --set KEY=VALUE. Two "
      "variables that mean the same option and disagree are an error. A running daemon reads its "
      "configuration again on SIGHUP and keeps the old one when the new one is wrong.");
  page.paragraph(
      "Sizes are written like 64KiB or 10MB, durations like 250ms, 5s, 1h30m or 7d, lists as YAML "
      "lists or separated by commas.");
  page.section("options");
  std::string_view section;
  for (const config::Option& option : config::options()) {
    if (option.section() != section) {
      if (!section.empty()) page.end_list();
      section = option.section();
      page.subsection(section);
      page.begin_terms();
    }
    page.term(fmt::format("Cm {} : Ar {}", option.key, macro_words(option.metavar)),
              details(option));
  }
  page.end_list();
  page.section("files");
  page.begin_terms();
  page.term("Pa /etc/logctl/config.yaml",
            "the configuration of the service; logctl(1) lists where else it is looked for");
  page.end_list();
  page.section("examples");
  page.macro(".Bd -literal -offset indent");
  page.macro("server:\n  port: 8080\ndatabase:\n  host: db.example\n  user: logs\n  dbname: logs");
  page.macro(".Ed");
  page.see_also({{"logctl", 1}, {"logctl-serve", 1}});
  return page.text();
}

}  // namespace logctl::cli
