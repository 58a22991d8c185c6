#include "cli/help_formatter.h"

#include "cli/arguments.h"

#include <fmt/format.h>

namespace logctl::cli {

HelpFormatter::HelpFormatter() {
  column_width(34);
  label("OPTIONS", "OPTIONS");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  const std::vector<std::string> words = allowed_words(*option);
  if (words.empty()) return CLI::Formatter::make_option_opts(option);
  std::string out = " " + value_name(*option);
  if (!option->get_default_str().empty()) out += "=" + option->get_default_str();
  if (option->get_expected_max() == CLI::detail::expected_max_vector_size) out += " ...";
  if (option->get_required()) out += " REQUIRED";
  return out;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return option_text(option->get_description(), allowed_words(*option));
}

std::string option_text(const std::string& help, const std::vector<std::string>& words) {
  return words.empty() ? help : fmt::format("{}; one of {}", help, fmt::join(words, ", "));
}

}  // namespace logctl::cli
