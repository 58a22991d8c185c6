#include "shared/query/path.h"

#include "shared/query/text.h"

#include <algorithm>
#include <utility>

namespace logctl::query {
namespace {

constexpr std::string_view kNeedsQuotes = " \t\r\n()\":=<>!.,";

bool read_quoted(std::string_view& text, std::string& name) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return true;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    name += text[i];
  }
  return false;
}

}  // namespace

std::string property_name(std::span<const std::string> path) {
  std::string out(kProperties);
  for (const std::string& name : path) {
    const bool bare = !name.empty() && name.find_first_of(kNeedsQuotes) == std::string::npos;
    out += '.' + (bare ? name : in_quotes(name));
  }
  return out;
}

std::optional<std::vector<std::string>> read_path(std::string_view& text, std::string_view ends) {
  std::vector<std::string> path;
  const std::string bare_ends = std::string(ends) + ".";
  while (text.starts_with('.')) {
    text.remove_prefix(1);
    std::string& name = path.emplace_back();
    if (text.starts_with('"')) {
      if (!read_quoted(text, name)) return std::nullopt;
      continue;
    }
    name = text.substr(0, std::min(text.find_first_of(bare_ends), text.size()));
    if (name.empty()) return std::nullopt;
    text.remove_prefix(name.size());
  }
  return path;
}

}  // namespace logctl::query
