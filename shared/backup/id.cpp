#include "shared/backup/id.h"

#include "shared/base/time_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace logctl::backup {

std::string id_at(Timestamp time) {
  std::string text = format_rfc3339(std::chrono::floor<seconds>(time));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

std::optional<Timestamp> time_of_id(std::string_view id) {
  constexpr std::string_view kForm = "00000000T000000Z";
  if (id.size() != kForm.size()) return std::nullopt;
  const auto time = parse_rfc3339(fmt::format(
      "{}-{}-{}T{}:{}:{}Z", id.substr(0, 4), id.substr(4, 2), id.substr(6, 2), id.substr(9, 2),
      id.substr(11, 2), id.substr(13, 2)));
  return time && id_at(*time) == id ? time : std::nullopt;
}

std::string next_id(const std::optional<std::string>& newest, Timestamp now) {
  const auto last = newest ? time_of_id(*newest) : std::nullopt;
  return id_at(last ? std::max(now, *last + seconds(1)) : now);
}

}  // namespace logctl::backup
