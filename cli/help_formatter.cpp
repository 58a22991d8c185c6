#include "cli/help_formatter.h"

#include "cli/arguments.h"

namespace logctl::cli {

HelpFormatter::HelpFormatter() {
  column_width(34);
  label("OPTIONS", "OPTIONS");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::vector<std::string> words = allowed_words(*option);
  if (words.empty() && offered(*option).words.empty())
    return CLI::Formatter::make_option_opts(option);
  std::string out = " " + value_name(*option);
  if (!option->get_default_str().empty()) out += "=" + option->get_default_str();
  if (option->get_expected_max() == CLI::detail::expected_max_vector_size) out += " ...";
  if (option->get_required()) out += " REQUIRED";
  return out;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return option_text(option->get_description(), allowed_words(*option));
}

}  // namespace logctl::cli
