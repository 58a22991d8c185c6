#include "cli/key_options.h"

#include "cli/output.h"
#include "shared/base/error.h"
#include "shared/base/suggest.h"
#include "shared/base/time_text.h"
#include "shared/base/units.h"
#include "shared/query/row_filter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace logctl::cli {
namespace {

constexpr std::size_t kMaxName = 100;
constexpr std::size_t kMaxTenant = 64;
constexpr std::size_t kMaxOnly = 4096;
constexpr microseconds kMaxLife = std::chrono::days(36525);
constexpr double kMostRate = 1e12;
constexpr std::uint64_t kMostBurst = 1'000'000'000'000;
constexpr std::string_view kNone = "none";
constexpr std::string_view kDefault = "default";

Error wrong(std::string_view option, std::string_view what, std::string hint = {}) {
  return Error(ErrorCode::usage, fmt::format("--{}: {}", option, what), std::move(hint));
}

template <typename T>
std::optional<T> parse_number(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return value;
}

double check_rate(std::string_view option, std::string_view text, bool sizes) {
  if (const std::optional<double> rate = parse_rate(text, sizes)) return *rate;
  throw wrong(option, fmt::format("found '{}', expected a rate such as {}, or none",
                                  terminal_safe(text), sizes ? "10MB/s" : "100/s"));
}

std::uint64_t check_burst(std::string_view option, std::string_view text, std::uint64_t most,
                          bool sizes) {
  const auto value = sizes ? parse_size(text) : parse_number<std::uint64_t>(text);
  if (value && *value > 0 && *value <= most) return *value;
  throw wrong(option, fmt::format("found '{}', expected {} from 1 to {}, or default",
                                  terminal_safe(text), sizes ? "a size" : "a whole number", most));
}

// One of the limits that have no default: records, bytes.
void set_limit(std::string_view name, const std::string& rate, const std::string& burst, bool sizes,
               std::optional<double>& rate_of, std::optional<std::uint64_t>& burst_of) {
  if (!rate.empty()) {
    const double found = check_rate(name, rate, sizes);
    rate_of = found > 0 ? std::optional(found) : std::nullopt;
    if (!rate_of) burst_of.reset();
  }
  if (burst.empty()) return;
  const std::string option = fmt::format("{}-burst", name);
  if (burst == kDefault) {
    burst_of.reset();
    return;
  }
  burst_of = check_burst(option, burst, kMostBurst, sizes);
  if (!rate_of) {
    throw wrong(option, fmt::format("there is no rate of {} for it", name),
                fmt::format("add --{} {}", name, sizes ? "10MB/s" : "1000/s"));
  }
}

}  // namespace

void check_name(std::string_view name) {
  if (name.empty()) throw wrong("name", "is empty, expected a name for people");
  if (name.size() > kMaxName) {
    throw wrong("name", fmt::format("has {} bytes, allowed are {}", name.size(), kMaxName));
  }
  if (terminal_safe(name) != name) {
    throw wrong("name", "holds control characters or is not UTF-8");
  }
}

void check_tenant(std::string_view tenant) {
  const bool good = std::all_of(tenant.begin(), tenant.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  if (tenant.empty() || tenant.size() > kMaxTenant || !good) {
    throw wrong("tenant", fmt::format("found '{}', expected 1 to {} of letters, digits, '.', '_' "
                                      "and '-'",
                                      terminal_safe(tenant), kMaxTenant));
  }
}

auth::Scopes check_scopes(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kKnown = {"ingest", "read", "admin"};
  if (const auto scopes = auth::parse_scopes(text)) return *scopes;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string_view item = rest.substr(0, comma);
    if (!auth::parse_scopes(item)) {
      const std::string_view guess = nearest_name(item, kKnown);
      throw wrong("scopes",
                  fmt::format("found '{}', expected a list such as ingest,read out of {}",
                              terminal_safe(item), fmt::join(kKnown, ", ")),
                  guess.empty() ? std::string() : fmt::format("did you mean '{}'?", guess));
    }
    rest.remove_prefix(comma + 1);
  }
}

std::optional<Timestamp> check_expires(std::string_view text, Timestamp now) {
  if (text.empty()) return std::nullopt;
  std::optional<Timestamp> at = parse_rfc3339(text);
  if (const auto duration = parse_duration(text)) at = now + std::min(*duration, 2 * kMaxLife);
  if (!at) {
    throw wrong("expires", fmt::format("found '{}', expected a duration such as 90d or a time "
                                       "such as 2030-01-31T00:00:00Z",
                                       terminal_safe(text)));
  }
  if (*at <= now) {
    throw wrong("expires", fmt::format("{} is not in the future", format_rfc3339(*at)));
  }
  if (*at - now > kMaxLife) {
    throw wrong("expires", "is more than 100 years ahead",
                "leave it out for a key that does not expire");
  }
  return std::chrono::ceil<seconds>(*at);
}

microseconds check_duration(std::string_view option, std::string_view text) {
  const std::optional<microseconds> duration = parse_duration(text);
  if (duration && *duration <= kMaxLife) return *duration;
  throw wrong(option, fmt::format("found '{}', expected a duration such as 12h or 90d, at most 100 "
                                  "years",
                                  terminal_safe(text)));
}

std::string check_only(const std::vector<std::string>& rules, auth::Scopes scopes) {
  std::string text;
  for (const std::string& rule : rules) {
    try {
      (void)query::parse_row_rule(rule);
    } catch (const Error& error) {
      throw wrong("only", terminal_safe(error.message()), error.hint());
    }
    if (!text.empty()) text += '\n';
    text += rule;
  }
  if (text.size() > kMaxOnly) {
    throw wrong("only", fmt::format("has {} bytes, allowed are {}", text.size(), kMaxOnly));
  }
  if (text.empty()) return text;
  if (!scopes.has(auth::Scope::read)) {
    throw wrong("only", "binds what a key reads, and this one has not the scope read");
  }
  if (scopes.has(auth::Scope::admin)) {
    throw wrong("only", "cannot bind a key of scope admin, which is for the whole store");
  }
  return text;
}

storage::KeyLimits check_limits(const TypedLimits& typed, storage::KeyLimits limits) {
  if (typed.requests == kDefault) {
    limits.rps.reset();
  } else if (!typed.requests.empty()) {
    limits.rps = check_rate("requests or --rps", typed.requests, false);
  }
  if (typed.burst == kDefault) {
    limits.burst.reset();
  } else if (!typed.burst.empty()) {
    limits.burst = static_cast<std::uint32_t>(check_burst("burst", typed.burst, UINT32_MAX, false));
  }
  set_limit("records", typed.records, typed.records_burst, false, limits.records_rate,
            limits.records_burst);
  set_limit("bytes", typed.bytes, typed.bytes_burst, true, limits.bytes_rate, limits.bytes_burst);
  return limits;
}

std::optional<double> parse_rate(std::string_view text, bool sizes) {
  if (text == kNone) return 0;
  double per_seconds = 1;
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view unit = text.substr(slash + 1);
    if (unit == "m" || unit == "min") {
      per_seconds = 60;
    } else if (unit == "h") {
      per_seconds = 3600;
    } else if (unit != "s") {
      return std::nullopt;
    }
  }
  const std::string_view amount = text.substr(0, slash);
  double value = 0;
  if (sizes) {
    const auto bytes = parse_size(amount);
    if (!bytes) return std::nullopt;
    value = static_cast<double>(*bytes);
  } else {
    const auto number = parse_number<double>(amount);
    if (!number) return std::nullopt;
    value = *number;
  }
  value /= per_seconds;
  if (!(std::isfinite(value) && value > 0 && value <= kMostRate)) return std::nullopt;
  return value;
}

}  // namespace logctl::cli
