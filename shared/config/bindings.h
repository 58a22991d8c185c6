// Makes the Binding of a Config member: type, bounds and text form in one call.
//
// `text<&Config::log, &Log::format>(...)`: the first argument is the section, the second the
// member.
#pragma once

#include "shared/base/ascii.h"
#include "shared/base/units.h"
#include "shared/config/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <utility>

namespace logctl::config {

std::optional<bool> parse_boolean(std::string_view text);

// A whole text as a number, or nothing.
template <typename T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <auto Section, auto Member>
decltype(auto) member(auto& config) {
  return ((config.*Section).*Member);
}

template <auto Section, auto Member>
using MemberType = std::remove_cvref_t<decltype(member<Section, Member>(std::declval<Config&>()))>;

// `parse` takes one text and gives an optional value; `print` gives the text of a value.
template <auto Section, auto Member>
Binding scalar(Type type, std::string allowed, auto parse, auto print) {
  Binding binding;
  binding.type = type;
  binding.allowed = std::move(allowed);
  binding.set = [parse](Config& config, const Items& items) {
    if (items.size() != 1) return false;
    auto value = parse(std::string_view(items.front()));
    if (!value) return false;
    member<Section, Member>(config) = std::move(*value);
    return true;
  };
  binding.get = [print](const Config& config) {
    return Items{print(member<Section, Member>(config))};
  };
  return binding;
}

template <auto Section, auto Member>
Binding boolean() {
  return scalar<Section, Member>(Type::boolean, "true or false", parse_boolean,
                                 [](bool value) { return std::string(value ? "true" : "false"); });
}

template <auto Section, auto Member>
Binding integer(MemberType<Section, Member> min, MemberType<Section, Member> max) {
  using T = MemberType<Section, Member>;
  return scalar<Section, Member>(
      Type::integer, fmt::format("a whole number from {} to {}", min, max),
      [min, max](std::string_view text) -> std::optional<T> {
        const auto value = parse_number<T>(text);
        if (!value || *value < min || *value > max) return std::nullopt;
        return value;
      },
      [](T value) { return std::to_string(value); });
}

template <auto Section, auto Member>
Binding number(double min, double max) {
  return scalar<Section, Member>(
      Type::number, fmt::format("a number from {} to {}", min, max),
      [min, max](std::string_view text) -> std::optional<double> {
        const auto value = parse_number<double>(text);
        if (!value || !std::isfinite(*value) || *value < min || *value > max) return std::nullopt;
        return value;
      },
      [](double value) { return fmt::format("{}", value); });
}

template <auto Section, auto Member>
Binding size(std::uint64_t min, std::uint64_t max) {
  return scalar<Section, Member>(
      Type::size,
      fmt::format("a size from {} to {}, like 512, 64KiB or 10MB", format_size(min),
                  format_size(max)),
      [min, max](std::string_view text) -> std::optional<std::uint64_t> {
        const auto value = parse_size(text);
        if (!value || *value < min || *value > max) return std::nullopt;
        return value;
      },
      format_size);
}

// With `or_zero`, 0 stands for "no limit" even when it is below `min`.
template <auto Section, auto Member>
Binding duration(microseconds min, microseconds max, bool or_zero = false) {
  return scalar<Section, Member>(
      Type::duration,
      fmt::format("a duration from {} to {}{}, like 250ms, 5s or 1h30m", format_duration(min),
                  format_duration(max), or_zero ? " or 0" : ""),
      [min, max, or_zero](std::string_view text) -> std::optional<microseconds> {
        const auto value = parse_duration(text);
        if (!value) return std::nullopt;
        if (or_zero && value->count() == 0) return value;
        if (*value < min || *value > max) return std::nullopt;
        return value;
      },
      format_duration);
}

// Any text for which `accepts` holds. Texts never hold control characters.
template <auto Section, auto Member>
Binding text(std::string allowed = "a text", bool (*accepts)(std::string_view) = nullptr) {
  return scalar<Section, Member>(
      Type::text, std::move(allowed),
      [accepts](std::string_view value) -> std::optional<std::string> {
        const bool clean = std::none_of(value.begin(), value.end(), [](char c) {
          return static_cast<unsigned char>(c) < 0x20;
        });
        if (!clean || (accepts != nullptr && !accepts(value))) return std::nullopt;
        return std::string(value);
      },
      [](const std::string& value) { return value; });
}

// One of `names`, in any case; `synonyms` are pairs of another name and ours.
template <auto Section, auto Member>
Binding choice(Items names, std::vector<std::pair<std::string, std::string>> synonyms = {}) {
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(name.empty() ? "nothing" : name);
  std::string allowed = shown.size() == 1 ? fmt::format("only {}", shown.front())
                                          : fmt::format("one of {}", fmt::join(shown, ", "));
  return scalar<Section, Member>(
      Type::choice, std::move(allowed),
      [names, synonyms](std::string_view value) -> std::optional<std::string> {
        const std::string wanted = lower_case(value);
        if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
        for (const auto& [other, ours] : synonyms) {
          if (other == wanted) return ours;
        }
        return std::nullopt;
      },
      [](const std::string& value) { return value; });
}

template <auto Section, auto Member>
Binding path() {
  return scalar<Section, Member>(
      Type::path, "a path",
      [](std::string_view value) { return std::optional<std::filesystem::path>(value); },
      [](const std::filesystem::path& value) { return value.string(); });
}

// Every item is one for which `accepts` holds; empty ones never are.
template <auto Section, auto Member>
Binding list(std::string allowed, bool (*accepts)(std::string_view) = nullptr) {
  Binding binding;
  binding.type = Type::list;
  binding.allowed = std::move(allowed);
  binding.set = [accepts](Config& config, const Items& items) {
    for (const std::string& item : items) {
      if (item.empty() || (accepts != nullptr && !accepts(item))) return false;
    }
    member<Section, Member>(config) = items;
    return true;
  };
  binding.get = [](const Config& config) { return member<Section, Member>(config); };
  return binding;
}

}  // namespace logctl::config
