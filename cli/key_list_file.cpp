#include "cli/key_list_file.h"

#include "shared/auth/key.h"
#include "shared/base/error.h"
#include "shared/config/options.h"
#include "shared/config/yaml_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace logctl::cli {
namespace {

constexpr std::string_view kHashPrefix = "sha256:";
constexpr std::size_t kHashSize = 64;
constexpr std::size_t kMaxKey = 512;
constexpr std::size_t kWeak = 16;
constexpr std::string_view kOption = "auth.api_keys";
constexpr std::string_view kUnprintable = "holds spaces or characters that no header can carry";

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string_view unquoted(std::string_view text) {
  const bool quotes = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quotes ? text.substr(1, text.size() - 2) : text;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

ListedKey judge(std::string_view text, int line) {
  ListedKey key;
  key.line = line;
  if (text.starts_with(kHashPrefix)) {
    const std::string_view hash = text.substr(kHashPrefix.size());
    if (hash.size() != kHashSize || !is_hex(hash)) {
      key.problem = "expected 64 hexadecimal digits behind sha256:";
      return key;
    }
    key.hash = hash;
    std::transform(key.hash.begin(), key.hash.end(), key.hash.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    return key;
  }
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (!printable) {
    key.problem = kUnprintable;
  } else if (text.size() > kMaxKey) {
    key.problem = fmt::format("has {} bytes, allowed are {}", text.size(), kMaxKey);
  } else if (text.starts_with("lgc_") && !auth::key_id(text)) {
    key.problem = "looks like a key of logctl, but its check sum is wrong";
  } else {
    if (const auto id = auth::key_id(text)) key.id = *id;
    key.hash = auth::hash_key(text);
    key.weak = text.size() < kWeak;
  }
  return key;
}

void read_items(std::string_view list, int line, std::vector<ListedKey>& keys) {
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view item = unquoted(trim(list.substr(0, comma)));
    if (!item.empty()) keys.push_back(judge(item, line));
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

// The variables of the option, and so of the servers that logctl replaces.
bool holds_keys(std::string_view variable) {
  const config::Option* option = config::find_option(kOption);
  return variable == config::variable_name(*option) ||
         std::any_of(option->aliases.begin(), option->aliases.end(),
                     [&](const config::Alias& alias) { return alias.name == variable; });
}

// The value, when the line sets one of the variables that hold keys.
std::optional<std::string_view> variable_value(std::string_view line) {
  if (line.starts_with("export ")) line = trim(line.substr(7));
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = line.substr(0, equals);
  if (!holds_keys(name)) return std::nullopt;
  return unquoted(trim(line.substr(equals + 1)));
}

struct Line {
  int number = 0;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !line.starts_with('#')) lines.push_back({number, line});
  }
  return lines;
}

// What no list of keys holds: a mapping of YAML, or a variable that is none of those with keys.
bool is_setting(std::string_view line) {
  constexpr std::string_view kNameCharacters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  const std::size_t end = line.find_first_not_of(kNameCharacters);
  if (end == 0 || end == std::string_view::npos) return false;
  const std::string_view rest = line.substr(end);
  if (rest == ":" || rest.starts_with(": ")) return true;
  // Base64 ends with = as well, but with nothing behind.
  return rest.find_first_not_of('=') != std::string_view::npos && rest.starts_with('=');
}

// A file of another kind must not become keys that work: words of it can be guessed.
void require_list(const std::vector<Line>& lines, const std::vector<ListedKey>& keys,
                  const std::string& name) {
  const auto setting = std::find_if(lines.begin(), lines.end(),
                                    [](const Line& line) { return is_setting(line.text); });
  constexpr const char* kHint =
      "expected one key a line or with commas, API_KEYS=a,b, or YAML with auth.api_keys";
  if (setting != lines.end()) {
    throw Error(ErrorCode::validation_error,
                fmt::format("{}: line {} is a setting, not a key; nothing was imported", name,
                            setting->number),
                kHint);
  }
  const auto bad = std::count_if(keys.begin(), keys.end(),
                                 [](const ListedKey& key) { return key.problem == kUnprintable; });
  if (keys.size() > 3 && 2 * static_cast<std::size_t>(bad) > keys.size()) {
    throw Error(ErrorCode::validation_error,
                fmt::format("{}: {} of {} entries hold spaces, so this is no list of keys; "
                            "nothing was imported",
                            name, bad, keys.size()),
                kHint);
  }
}

std::vector<ListedKey> read_yaml_list(const std::string& text, const std::string& name) {
  std::vector<ListedKey> keys;
  for (const config::YamlEntry& entry : config::read_yaml(text, name)) {
    if (entry.key != kOption && entry.key != "api_keys") continue;
    for (std::size_t i = 0; i < entry.items.size(); ++i) {
      read_items(entry.items[i], entry.item_lines[i], keys);
    }
  }
  return keys;
}

}  // namespace

std::vector<ListedKey> read_key_list(const std::string& text, const std::string& name) {
  const std::vector<Line> lines = lines_of(text);
  const auto any = [&](auto like) { return std::any_of(lines.begin(), lines.end(), like); };
  std::vector<ListedKey> keys;
  if (any([](const Line& line) { return line.text.starts_with("api_keys:"); })) {
    keys = read_yaml_list(text, name);
  } else if (any([](const Line& line) { return variable_value(line.text).has_value(); })) {
    for (const Line& line : lines) {
      if (const auto value = variable_value(line.text)) read_items(*value, line.number, keys);
    }
  } else {
    for (const Line& line : lines) read_items(line.text, line.number, keys);
    require_list(lines, keys, name);
  }
  if (keys.empty()) {
    throw Error(ErrorCode::validation_error, fmt::format("{}: holds no keys", name),
                "expected one a line, API_KEYS=a,b, or YAML with auth.api_keys");
  }
  return keys;
}

}  // namespace logctl::cli
