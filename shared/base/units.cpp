#include "shared/base/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace logctl {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array kSizeUnits = {
    Unit{"b", 1},
    Unit{"kib", 1ULL << 10},
    Unit{"k", 1ULL << 10},
    Unit{"kb", 1'000},
    Unit{"mib", 1ULL << 20},
    Unit{"m", 1ULL << 20},
    Unit{"mb", 1'000'000},
    Unit{"gib", 1ULL << 30},
    Unit{"g", 1ULL << 30},
    Unit{"gb", 1'000'000'000},
    Unit{"tib", 1ULL << 40},
    Unit{"t", 1ULL << 40},
    Unit{"tb", 1'000'000'000'000},
};

constexpr std::array kDurationUnits = {
    Unit{"w", 7ULL * 86'400'000'000},
    Unit{"d", 86'400'000'000},
    Unit{"h", 3'600'000'000},
    Unit{"m", 60'000'000},
    Unit{"s", 1'000'000},
    Unit{"ms", 1'000},
    Unit{"us", 1},
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Reads digits from the front of `text` and removes them; nothing when there are none or too many.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto number = take_number(text);
  if (!number) return std::nullopt;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  if (text.empty()) return number;
  const std::string name = lower(text);
  for (const Unit& unit : kSizeUnits) {
    if (unit.name != name) continue;
    if (*number > std::numeric_limits<std::uint64_t>::max() / unit.factor) return std::nullopt;
    return *number * unit.factor;
  }
  return std::nullopt;
}

std::string format_size(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kNames = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes != 0 && unit + 1 < kNames.size() && bytes % 1024 == 0) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", bytes, kNames[unit]);
}

std::string human_size(std::uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kNames = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kNames.size()) {
    value /= 1024;
    ++unit;
  }
  if (unit == 0) return fmt::format("{} B", bytes);
  return fmt::format("{:.{}f} {}", value, value < 10 ? 2 : value < 100 ? 1 : 0, kNames[unit]);
}

std::optional<microseconds> parse_duration(std::string_view text) {
  if (text == "0") return microseconds(0);
  if (text.empty()) return std::nullopt;
  constexpr std::uint64_t kMax = static_cast<std::uint64_t>(microseconds::max().count());
  std::uint64_t total = 0;
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    std::size_t length = 0;
    while (length < text.size() && (text[length] < '0' || text[length] > '9')) ++length;
    const std::string_view name = text.substr(0, length);
    text.remove_prefix(length);
    const Unit* found = nullptr;
    for (const Unit& unit : kDurationUnits) {
      if (unit.name == name) found = &unit;
    }
    if (found == nullptr || *number > (kMax - total) / found->factor) return std::nullopt;
    total += *number * found->factor;
  }
  return microseconds(static_cast<std::int64_t>(total));
}

std::string format_duration(microseconds value) {
  auto rest = static_cast<std::uint64_t>(value.count());
  if (rest == 0) return "0s";
  std::string out;
  for (const Unit& unit : kDurationUnits) {
    if (unit.name == "w") continue;  // 14d reads better than 2w
    if (const auto count = rest / unit.factor; count > 0) {
      out += fmt::format("{}{}", count, unit.name);
      rest %= unit.factor;
    }
  }
  return out;
}

}  // namespace logctl
